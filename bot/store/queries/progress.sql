-- name: ticks
-- What a learner completed, then what they marked as known: 1, or 2 if reviews ask about it.
select route, done_at, made_at, server_id, change_id, 0
from tick
where learner_id = :learner and course = :course
union all
select route, marked_at, marked_at, null, change_id, 1 + reviewed
from known
where learner_id = :learner and course = :course and removed_change is null;

-- name: ticks_of_all_courses
select course, route, done_at, made_at, server_id, change_id, 0
from tick
where learner_id = :learner
union all
select course, route, marked_at, marked_at, null, change_id, 1 + reviewed
from known
where learner_id = :learner and removed_change is null;

-- name: ticks_in_cohort
-- The ticks of a learner if the asker may see them. The first row says whether the asker and the learner are members
-- and whether the learner is hidden. The ticks follow; there are none if the asker may not see them.
select
    exists (
        select 1 from member
        where server_id = :server and course = :course and learner_id = :asker and left_at is null
    ) as asker_joined,
    exists (
        select 1 from member
        where server_id = :server and course = :course and learner_id = :learner and left_at is null
    ) and not exists (select 1 from learner where learner_id = :learner and hidden = 1) as visible,
    tick.route, tick.done_at, tick.made_at, tick.server_id, tick.change_id, 0
from (select 1) as once
left join tick on tick.learner_id = :learner and tick.course = :course
    and exists (
        select 1 from member
        where server_id = :server and course = :course and learner_id = :asker and left_at is null
    )
    and exists (
        select 1 from member
        where server_id = :server and course = :course and learner_id = :learner and left_at is null
    )
    and not exists (select 1 from learner where learner_id = :learner and hidden = 1);

-- name: add_ticks
insert into tick (learner_id, course, route, done_at, made_at, server_id, change_id)
select :learner, :course, value, :done_at, :made_at, :server, :change
from json_each(:routes)
where true
on conflict (learner_id, course, route) do nothing;

-- name: carry_ticks
-- Move the credit of a tick on a node to nodes below it, with its dates.
insert into tick (learner_id, course, route, done_at, made_at, server_id, change_id)
select tick.learner_id, tick.course, json_each.key, tick.done_at, tick.made_at, tick.server_id, tick.change_id
from json_each(:carried)
join tick on tick.learner_id = :learner and tick.course = :course and tick.route = json_each.value
where true
on conflict (learner_id, course, route) do nothing;

-- name: remove_ticks
delete from tick
where learner_id = :learner and course = :course and route in (select value from json_each(:routes));

-- name: ticks_of_change
select course, route
from tick
where learner_id = :learner and change_id = :change;

-- name: ticks_of_last_change
select course, route
from tick
where learner_id = :learner
    and change_id = (select max(change_id) from tick where learner_id = :learner);

-- name: reach_milestones
insert into milestone (learner_id, course, route, reached_at, server_id)
select :learner, :course, value, :reached_at, :server
from json_each(:routes)
where true
on conflict (learner_id, course, route) do nothing
returning route;

-- name: membership
-- Always one row: whether the learner is hidden or has decided whether this cohort sees them, and when they left the
-- server.
select coalesce(learner.hidden, 0), member.joined_at, member.gone_at
from (select 1) as once
left join learner on learner.learner_id = :learner
left join member on member.server_id = :server and member.course = :course and member.learner_id = :learner;

-- name: return_to_server!
update member
set gone_at = null
where server_id = :server and course = :course and learner_id = :learner;

-- name: join_cohort
-- A learner who never was visible (left_at is joined_at) joins now; one who comes back keeps the first date.
insert into member (server_id, course, learner_id, joined_at)
values (:server, :course, :learner, :now)
on conflict (server_id, course, learner_id) do update
set joined_at = case when member.left_at = member.joined_at then excluded.joined_at else member.joined_at end,
    left_at = null,
    gone_at = null
returning joined_at;

-- name: stay_hidden
insert into member (server_id, course, learner_id, joined_at, left_at)
values (:server, :course, :learner, :now, :now)
on conflict (server_id, course, learner_id) do update
set left_at = coalesce(member.left_at, excluded.left_at)
returning joined_at;

-- name: is_hidden
select hidden
from learner
where learner_id = :learner;
