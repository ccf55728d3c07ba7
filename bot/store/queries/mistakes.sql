-- name: practice_state
-- Always one row: the card and the mistake of a question, the exam date, the time zone and the FSRS settings. Missing
-- values are null.
select card.state, card.step, card.stability, card.difficulty, card.due_at, card.reviewed_at, card.rating,
    mistake.missed_at, mistake.right_on, exam.exam_on, learner.zone,
    fsrs_setting.retention, fsrs_setting.parameters
from (select 1) as once
left join card on card.learner_id = :learner and card.course = :course and card.question = :question
left join mistake on mistake.learner_id = :learner and mistake.course = :course and mistake.question = :question
left join exam on exam.learner_id = :learner and exam.course = :course
left join learner on learner.learner_id = :learner
left join fsrs_setting on fsrs_setting.learner_id = :learner;

-- name: mistakes
select question, missed_at, right_on
from mistake
where learner_id = :learner and course = :course;

-- name: set_mistake!
insert into mistake (learner_id, course, question, missed_at, right_on)
values (:learner, :course, :question, :missed_at, :right_on)
on conflict (learner_id, course, question) do update
set missed_at = excluded.missed_at,
    right_on = excluded.right_on;

-- name: drop_mistake!
delete from mistake
where learner_id = :learner and course = :course and question = :question;

-- name: keeps_quiz_mistakes
select quiz_mistakes
from learner
where learner_id = :learner;

-- name: set_quiz_mistakes!
insert into learner (learner_id, quiz_mistakes)
values (:learner, :keeps)
on conflict (learner_id) do update set quiz_mistakes = excluded.quiz_mistakes;
