-- name: is_stored
select 1
where exists (select 1 from stored_learner where stored_learner.learner_id = :learner);

-- name: record_use
-- Record a use today, but only for learners with other stored data.
insert into last_use (learner_id, used_on)
select :learner, :today
where exists (select 1 from stored_learner where stored_learner.learner_id = :learner)
on conflict (learner_id) do update set used_on = excluded.used_on, warned_at = null
returning learner_id;

-- name: record_first_use!
-- For learners from before the operator set a limit: it counts from now on.
insert into last_use (learner_id, used_on)
select distinct learner_id, :today
from stored_learner
where true
on conflict (learner_id) do nothing;

-- name: last_use
select used_on, warned_at
from last_use
where learner_id = :learner;

-- name: learners_to_warn
select learner_id
from last_use
where used_on <= :used_by and warned_at is null
order by used_on
limit :most;

-- name: set_warned
update last_use
set warned_at = :now
where learner_id = :learner and used_on = :used_on and warned_at is null
returning learner_id;

-- name: learners_to_delete
select learner_id
from last_use
where used_on <= :used_by and warned_at <= :warned_by
order by used_on
limit :most;

-- name: export_last_use
select used_on, warned_at
from last_use
where learner_id = :learner;

-- name: forget_last_use
delete from last_use where learner_id = :learner returning 1;
