-- name: reports_of_learner
-- The learner's reports that are open or were made since :since: course, question, time, and whether it is open.
select course, question, reported_at, resolved_at is null
from question_report
where learner_id = :learner and (resolved_at is null or reported_at >= :since)
order by reported_at;

-- name: add_report!
insert into question_report (learner_id, number, course, question, fingerprint, prompt, reason, comment, reported_at)
select :learner, coalesce(max(number), 0) + 1, :course, :question, :fingerprint, :prompt, :reason, :comment, :now
from question_report
where learner_id = :learner;

-- name: undo_report
-- The row stays, because it counts for the daily limit; what the learner wrote is deleted.
update question_report
set resolved_at = :now, told_at = :now, resolution = 'undone', comment = null
where learner_id = :learner and course = :course and question = :question and resolved_at is null
returning 1;

-- name: reports_by_question
select question, count(*)
from question_report
where course = :course and resolved_at is null
group by question;

-- name: open_reports
select course, question, fingerprint, prompt, reason, comment, reported_at
from question_report
where resolved_at is null
order by course, question, reported_at, reason, comment;

-- name: resolve_reports
update question_report
set resolved_at = :now, resolution = :resolution, because = :because
where course = :course and question = :question and resolved_at is null
returning 1;

-- name: untold_report
-- A row if there is anything to tell the learner.
select 1
from question_report
where learner_id = :learner and resolved_at is not null and told_at is null
limit 1;

-- name: tell_reports
-- The first :most that the learner hasn't been told about.
update question_report
set told_at = :now
where learner_id = :learner and number in (
    select earlier.number
    from question_report as earlier
    where earlier.learner_id = :learner and earlier.resolved_at is not null and earlier.told_at is null
    order by earlier.number
    limit :most
)
returning prompt, resolution, because, number;

-- name: export_question_report
select number, course, question, fingerprint, prompt, reason, comment, reported_at, resolved_at, resolution, because, told_at
from question_report
where learner_id = :learner
order by number;

-- name: forget_question_report
delete from question_report where learner_id = :learner returning 1;
