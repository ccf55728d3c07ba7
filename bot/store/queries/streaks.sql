-- name: latest_study_day
-- Always one row: the learner's zone and their latest study day. Missing values are null.
select learner.zone, study_day.day, study_day.first_at, study_day.last_at, study_day.zone
from (select 1) as once
left join learner on learner.learner_id = :learner
left join study_day on study_day.learner_id = :learner
    and study_day.day = (select max(latest.day) from study_day as latest where latest.learner_id = :learner);

-- name: study_days
select day, first_at, last_at, zone
from study_day
where learner_id = :learner;

-- name: streak_of
-- One row per study day, or one row without a day if there is none. Each has the learner's zone.
select learner.zone, study_day.day, study_day.first_at, study_day.last_at, study_day.zone
from (select 1) as once
left join learner on learner.learner_id = :learner
left join study_day on study_day.learner_id = :learner;

-- name: study_days_since
select day
from study_day
where learner_id = :learner and day >= :day
order by day;

-- name: record_study_day!
insert into study_day (learner_id, day, first_at, last_at, zone)
values (:learner, :day, :at, :at, :zone)
on conflict (learner_id, day) do update set last_at = excluded.last_at
where excluded.last_at > study_day.last_at;

-- name: take_back_study_day
-- Delete a study day if nothing that was recorded on it is left.
delete from study_day
where learner_id = :learner and day = :day
    and not exists (
        select 1 from tick where tick.learner_id = :learner and tick.made_at >= study_day.first_at
    )
    and not exists (
        select 1 from review where review.learner_id = :learner and review.number >= study_day.first_at * 1000000
    )
returning day;

-- name: about_learner
-- Always one row: whether the learner is hidden, and their zone.
select coalesce(learner.hidden, 0), learner.zone
from (select 1) as once
left join learner on learner.learner_id = :learner;
