-- name: notes
select route, content
from note
where learner_id = :learner and course = :course and content <> '';

-- name: note_row
select content, previous, change_id
from note
where learner_id = :learner and course = :course and route = :route;

-- name: set_note!
insert into note (learner_id, course, route, content, previous, change_id)
values (:learner, :course, :route, :content, :previous, :change)
on conflict (learner_id, course, route) do update
set content = excluded.content, previous = excluded.previous, change_id = excluded.change_id;

-- name: drop_old_notes!
-- Delete what can only be undone by changes before this one: deleted notes and previous contents.
delete from note
where learner_id = :learner and content = '' and change_id <> :change;

-- name: drop_previous_notes!
update note
set previous = ''
where learner_id = :learner and change_id <> :change and previous <> '';

-- name: export_note
select course, route, content, previous, change_id
from note
where learner_id = :learner
order by course, route;

-- name: forget_note
delete from note where learner_id = :learner returning 1;
