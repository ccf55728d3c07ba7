-- name: latest_known_change
select coalesce(max(change_id), 0), coalesce(max(removed_change), 0)
from known
where learner_id = :learner;

-- name: mark_known!
insert into known (learner_id, course, route, marked_at, change_id, reviewed)
select :learner, :course, value, :marked_at, :change, :reviewed
from json_each(:routes)
where true
on conflict (learner_id, course, route) do nothing;

-- name: remove_known!
update known
set removed_change = :change
where learner_id = :learner and course = :course and removed_change is null
    and route in (select value from json_each(:routes));

-- name: drop_removed_known!
-- Delete the marks that were removed, except by this change.
delete from known
where learner_id = :learner and removed_change <> :change;

-- name: undo_known
delete from known
where learner_id = :learner and change_id = :change and removed_change is null
returning route;

-- name: restore_known
update known
set removed_change = null
where learner_id = :learner and removed_change = :change
returning route;

-- name: set_known_reviewed!
update known
set reviewed = :reviewed
where learner_id = :learner and course = :course and removed_change is null
    and route in (select value from json_each(:routes));

-- name: export_known
select course, route, marked_at, change_id, reviewed, removed_change
from known
where learner_id = :learner
order by course, route;

-- name: forget_known
delete from known where learner_id = :learner returning 1;
