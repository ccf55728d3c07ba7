-- name: zone_of
select zone
from learner
where learner_id = :learner;

-- name: set_zone!
insert into learner (learner_id, zone)
values (:learner, :zone)
on conflict (learner_id) do update set zone = excluded.zone;

-- name: course_of_learner
select course
from learner
where learner_id = :learner;

-- name: set_course_of_learner!
insert into learner (learner_id, course)
values (:learner, :course)
on conflict (learner_id) do update set course = excluded.course;

-- name: ask_zone
-- Returns a row only the first time, and only if no zone is set.
insert into learner (learner_id, zone_asked)
values (:learner, 1)
on conflict (learner_id) do update set zone_asked = 1
where learner.zone is null and learner.zone_asked = 0
returning learner_id;
