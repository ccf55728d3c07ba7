-- name: plan_of
-- Always one row: the exam, the goal and the zone. Missing values are null.
select exam.exam_on, exam.shared, plan.minutes_a_week, plan.days, plan.start_on, plan.baseline_minutes,
    plan.session_minute, learner.zone
from (select 1) as once
left join exam on exam.learner_id = :learner and exam.course = :course
left join plan on plan.learner_id = :learner and plan.course = :course
left join learner on learner.learner_id = :learner;

-- name: plans_of
select plan.course
from plan
where plan.learner_id = :learner
order by plan.course;

-- name: set_exam!
insert into exam (learner_id, course, exam_on, shared)
values (:learner, :course, :exam_on, :shared)
on conflict (learner_id, course) do update
set exam_on = excluded.exam_on,
    shared = excluded.shared,
    asked_at = case when exam.exam_on = excluded.exam_on then exam.asked_at end,
    by_command = case when exam.exam_on = excluded.exam_on then exam.by_command else 0 end;

-- name: set_plan!
insert into plan (learner_id, course, minutes_a_week, days, start_on, baseline_minutes)
values (:learner, :course, :minutes_a_week, :days, :start_on, :baseline_minutes)
on conflict (learner_id, course) do update
set minutes_a_week = excluded.minutes_a_week,
    days = excluded.days,
    start_on = excluded.start_on,
    baseline_minutes = excluded.baseline_minutes;

-- name: set_session_minute!
update plan
set session_minute = :minute
where learner_id = :learner and course = :course;

-- name: clear_exam!
delete from exam
where learner_id = :learner and course = :course;

-- name: clear_plan!
delete from plan
where learner_id = :learner and course = :course;

-- name: drop_past_away!
-- Days off that ended long ago, before any plan began, have no effect anymore.
delete from away
where learner_id = :learner and last_on < :far
    and not exists (select 1 from plan where plan.learner_id = :learner and plan.start_on <= away.last_on);

-- name: away_of
select first_on, last_on
from away
where learner_id = :learner
order by first_on;

-- name: drop_away!
delete from away
where learner_id = :learner;

-- name: add_away!
insert into away (learner_id, first_on, last_on)
values (:learner, :first_on, :last_on);
