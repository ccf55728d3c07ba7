-- name: announcing
-- Always one row: whether the server allows announcements, and what says whether the learner's paths are announced.
select coalesce(server.announcements, 1), coalesce(learner.announces, 0), coalesce(learner.hidden, 0), member.left_at
from (select 1) as once
left join server on server.server_id = :server
left join learner on learner.learner_id = :learner
left join member on member.server_id = :server and member.course = :course and member.learner_id = :learner;

-- name: announced_routes
select route
from announcement
where learner_id = :learner and course = :course and server_id = :server;

-- name: announcements_of
select course, route, server_id, channel_id, message_id, posted_at
from announcement
where learner_id = :learner and route <> '';

-- name: announcement_of
select course, route, server_id, channel_id, message_id, posted_at
from announcement
where learner_id = :learner and course = :course and route = :route and server_id = :server;

-- name: announcement_by_message
select course, route, server_id, channel_id, message_id, posted_at
from announcement
where learner_id = :learner and message_id = :message;

-- name: add_announcement!
insert into announcement (learner_id, course, route, server_id, channel_id, message_id, posted_at)
values (:learner, :course, :route, :server, :channel, :message, :now)
on conflict (learner_id, course, route, server_id, message_id) do nothing;

-- name: announcement_posted
update announcement
set message_id = :message
where learner_id = :learner and course = :course and route = :route and server_id = :server and message_id = 0
returning message_id;

-- name: remove_announcement
delete from announcement
where learner_id = :learner and course = :course and route = :route and server_id = :server and message_id = :message
returning message_id;
