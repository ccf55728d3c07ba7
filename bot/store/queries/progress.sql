-- name: ticks
select route, done_at, made_at, server_id, change_id
from tick
where learner_id = :learner and course = :course;

-- name: ticks_of_all_courses
select course, route, done_at, made_at, server_id, change_id
from tick
where learner_id = :learner;

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
    tick.route, tick.done_at, tick.made_at, tick.server_id, tick.change_id
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

-- name: join_cohort
insert into member (server_id, course, learner_id, joined_at)
values (:server, :course, :learner, :joined_at)
on conflict (server_id, course, learner_id) do update
set gone_at = null
where member.gone_at is not null
returning joined_at, left_at;

-- name: is_hidden
select hidden
from learner
where learner_id = :learner;
