-- In these queries, the full ID at each position of :routes becomes the one at the same position of :targets. They read
-- through whole tables once (the cross joins see to that), because they only run when a course has changed.

-- name: ticks_of_course
-- A page of the ticks of all learners in a course, after that of :learner on :route.
select learner_id, route, done_at, made_at, server_id, change_id, former
from tick
where course = :course and learner_id >= :learner and (learner_id > :learner or route > :route)
order by learner_id, course, route
limit :most;

-- name: copy_moved_ticks
with pairs as materialized (
    select old.value as route, target.value as target
    from json_each(:routes) as old
    join json_each(:targets) as target on target.key = old.key
)
insert into tick (learner_id, course, route, done_at, made_at, server_id, change_id, former)
select tick.learner_id, tick.course, pairs.target, tick.done_at, tick.made_at, tick.server_id, tick.change_id,
    coalesce(tick.former, tick.route)
from tick
cross join pairs
where tick.course = :course and pairs.route = tick.route
order by tick.done_at, tick.route
on conflict (learner_id, course, route) do nothing;

-- name: drop_moved_ticks
-- Delete the ticks that have been copied. One whose target already had a tick of its own stays.
with pairs as materialized (
    select old.value as route, target.value as target
    from json_each(:routes) as old
    join json_each(:targets) as target on target.key = old.key
)
delete from tick
where course = :course and (learner_id, route) in (
    select stale.learner_id, stale.route
    from tick as stale
    cross join pairs
    cross join tick as moved
    where stale.course = :course and pairs.route = stale.route
        and moved.learner_id = stale.learner_id and moved.course = :course and moved.route = pairs.target
        and coalesce(moved.former, moved.route) = coalesce(stale.former, stale.route)
);

-- name: copy_returned_ticks
insert into tick (learner_id, course, route, done_at, made_at, server_id, change_id)
select learner_id, course, former, done_at, made_at, server_id, change_id
from tick
where course = :course and former in (select value from json_each(:routes))
order by done_at, route
on conflict (learner_id, course, route) do nothing;

-- name: drop_returned_ticks
delete from tick
where course = :course and former in (select value from json_each(:routes));

-- name: copy_moved_milestones
with pairs as materialized (
    select old.value as route, target.value as target
    from json_each(:routes) as old
    join json_each(:targets) as target on target.key = old.key
)
insert into milestone (learner_id, course, route, reached_at, server_id)
select milestone.learner_id, milestone.course, pairs.target, milestone.reached_at, milestone.server_id
from milestone
cross join pairs
where milestone.course = :course and pairs.route = milestone.route
order by milestone.reached_at, milestone.route
on conflict (learner_id, course, route) do nothing;

-- name: drop_moved_milestones
delete from milestone
where course = :course and route in (select value from json_each(:routes));

-- name: copy_moved_announcements
with pairs as materialized (
    select old.value as route, target.value as target
    from json_each(:routes) as old
    join json_each(:targets) as target on target.key = old.key
)
insert into announcement (learner_id, course, route, server_id, channel_id, message_id, posted_at)
select announcement.learner_id, announcement.course, pairs.target, announcement.server_id, announcement.channel_id,
    announcement.message_id, announcement.posted_at
from announcement
cross join pairs
where announcement.course = :course and pairs.route = announcement.route
order by announcement.posted_at, announcement.route
on conflict (learner_id, course, route, server_id, message_id) do nothing;

-- name: drop_moved_announcements
delete from announcement
where course = :course and route in (select value from json_each(:routes));

-- name: copy_moved_known
with pairs as materialized (
    select old.value as route, target.value as target
    from json_each(:routes) as old
    join json_each(:targets) as target on target.key = old.key
)
insert into known (learner_id, course, route, marked_at, change_id, reviewed, removed_change)
select known.learner_id, known.course, pairs.target, known.marked_at, known.change_id, known.reviewed,
    known.removed_change
from known
cross join pairs
where known.course = :course and pairs.route = known.route
order by known.marked_at, known.route
on conflict (learner_id, course, route) do nothing;

-- name: drop_moved_known
delete from known
where course = :course and route in (select value from json_each(:routes));

-- name: copy_moved_notes
with pairs as materialized (
    select old.value as route, target.value as target
    from json_each(:routes) as old
    join json_each(:targets) as target on target.key = old.key
)
insert into note (learner_id, course, route, content, previous, change_id)
select note.learner_id, note.course, pairs.target, note.content, note.previous, note.change_id
from note
cross join pairs
where note.course = :course and pairs.route = note.route
order by note.change_id, note.route
on conflict (learner_id, course, route) do nothing;

-- name: drop_moved_notes
delete from note
where course = :course and route in (select value from json_each(:routes));

-- name: move_reviews_in_progress
with pairs as materialized (
    select old.value as route, target.value as target
    from json_each(:routes) as old
    join json_each(:targets) as target on target.key = old.key
)
update reviewing
set route = (select pairs.target from pairs where pairs.route = reviewing.route)
where course = :course and route in (select pairs.route from pairs);

-- name: move_quizzes_in_progress
with pairs as materialized (
    select old.value as route, target.value as target
    from json_each(:routes) as old
    join json_each(:targets) as target on target.key = old.key
)
update quiz
set route = (select pairs.target from pairs where pairs.route = quiz.route)
where course = :course and route in (select pairs.route from pairs);
