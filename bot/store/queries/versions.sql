-- In these queries, the full ID at each position of :routes becomes the one at the same position of :targets.

-- name: ticks_of_course
-- A page of the ticks of all learners in a course, after that of :learner on :route.
select learner_id, route, done_at, made_at, server_id, change_id, former
from tick
where course = :course and (learner_id, course, route) > (:learner, :course, :route)
order by learner_id, route
limit :most;

-- name: copy_moved_ticks
insert into tick (learner_id, course, route, done_at, made_at, server_id, change_id, former)
select tick.learner_id, tick.course, target.value, tick.done_at, tick.made_at, tick.server_id, tick.change_id,
    coalesce(tick.former, tick.route)
from json_each(:routes) as old
join json_each(:targets) as target on target.key = old.key
join tick on tick.course = :course and tick.route = old.value
where true
order by tick.done_at, tick.route
on conflict (learner_id, course, route) do nothing;

-- name: drop_moved_ticks
-- Delete the ticks that have been copied. One whose target already had a tick of its own stays.
delete from tick
where (learner_id, course, route) in (
    select stale.learner_id, stale.course, stale.route
    from json_each(:routes) as old
    join json_each(:targets) as target on target.key = old.key
    join tick as stale on stale.course = :course and stale.route = old.value
    join tick as moved
        on moved.learner_id = stale.learner_id and moved.course = stale.course and moved.route = target.value
    where coalesce(moved.former, moved.route) = coalesce(stale.former, stale.route)
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
insert into milestone (learner_id, course, route, reached_at, server_id)
select milestone.learner_id, milestone.course, target.value, milestone.reached_at, milestone.server_id
from json_each(:routes) as old
join json_each(:targets) as target on target.key = old.key
join milestone on milestone.course = :course and milestone.route = old.value
where true
order by milestone.reached_at, milestone.route
on conflict (learner_id, course, route) do nothing;

-- name: drop_moved_milestones
delete from milestone
where course = :course and route in (select value from json_each(:routes));

-- name: copy_moved_announcements
insert into announcement (learner_id, course, route, server_id, channel_id, message_id, posted_at)
select announcement.learner_id, announcement.course, target.value, announcement.server_id, announcement.channel_id,
    announcement.message_id, announcement.posted_at
from json_each(:routes) as old
join json_each(:targets) as target on target.key = old.key
join announcement on announcement.course = :course and announcement.route = old.value
where true
order by announcement.posted_at, announcement.route
on conflict (learner_id, course, route, server_id, message_id) do nothing;

-- name: drop_moved_announcements
delete from announcement
where course = :course and route in (select value from json_each(:routes));

-- name: move_reviews_in_progress
update reviewing
set route = (
    select target.value
    from json_each(:routes) as old
    join json_each(:targets) as target on target.key = old.key
    where old.value = reviewing.route
)
where course = :course and route in (select value from json_each(:routes));

-- name: move_quizzes_in_progress
update quiz
set route = (
    select target.value
    from json_each(:routes) as old
    join json_each(:targets) as target on target.key = old.key
    where old.value = quiz.route
)
where course = :course and route in (select value from json_each(:routes));
