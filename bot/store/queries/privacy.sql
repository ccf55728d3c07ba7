-- Each table with a person in it has an export_ and a forget_ query; a test compares them with the schema.

-- name: export_learner
select hidden
from learner
where learner_id = :learner;

-- name: export_member
select server_id, course, joined_at, left_at
from member
where learner_id = :learner
order by joined_at;

-- name: export_tick
select course, route, done_at, made_at, server_id, change_id
from tick
where learner_id = :learner
order by course, done_at, route;

-- name: export_milestone
select course, route, reached_at, server_id
from milestone
where learner_id = :learner
order by reached_at;

-- name: forget_learner
delete from learner where learner_id = :learner returning 1;

-- name: forget_member
delete from member where learner_id = :learner returning 1;

-- name: forget_tick
delete from tick where learner_id = :learner returning 1;

-- name: forget_milestone
delete from milestone where learner_id = :learner returning 1;

-- name: set_hidden!
insert into learner (learner_id, hidden)
values (:learner, :hidden)
on conflict (learner_id) do update set hidden = excluded.hidden;

-- name: leave_cohort
update member
set left_at = :left_at
where learner_id = :learner and server_id = :server and left_at is null
returning course;

-- name: rejoin_cohort
update member
set left_at = null
where learner_id = :learner and server_id = :server and left_at is not null
returning course;

-- name: memberships
select server_id, course, joined_at, left_at
from member
where learner_id = :learner
order by joined_at;
