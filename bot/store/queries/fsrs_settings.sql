-- name: fsrs_setting
select retention, parameters, fitted_at, fitted_from
from fsrs_setting
where learner_id = :learner;

-- name: set_retention!
insert into fsrs_setting (learner_id, retention)
values (:learner, :retention)
on conflict (learner_id) do update set retention = excluded.retention;

-- name: set_fsrs_parameters!
insert into fsrs_setting (learner_id, retention, parameters, fitted_at, fitted_from)
values (:learner, :retention, :parameters, :fitted_at, :fitted_from)
on conflict (learner_id) do update
set parameters = excluded.parameters,
    fitted_at = excluded.fitted_at,
    fitted_from = excluded.fitted_from;

-- name: review_count
select count(*)
from review
where learner_id = :learner and counted = 1;

-- name: review_history
-- All reviews of a learner, oldest first, without answers that changed no card.
select course, question, reviewed_at, rating
from review
where learner_id = :learner and counted = 1
order by number;

-- name: export_fsrs_setting
select retention, parameters, fitted_at, fitted_from
from fsrs_setting
where learner_id = :learner;

-- name: forget_fsrs_setting
delete from fsrs_setting where learner_id = :learner returning 1;
