-- name: mock_exam
-- One row per question of a mock exam; one row without a question if its answers are not stored.
select mock.number, mock.started_at, mock.ends_at, mock.place, mock.ended_at, mock.correct, mock.asked,
    mock.points,
    mock_answer.place, mock_answer.question, mock_answer.chosen, mock_answer.flagged
from mock
left join mock_answer on mock_answer.learner_id = mock.learner_id and mock_answer.course = mock.course
    and mock_answer.number = mock.number
where mock.learner_id = :learner and mock.course = :course and mock.number = :number
order by mock_answer.place;

-- name: open_mock_exam
-- The same for the open mock exam.
select mock.number, mock.started_at, mock.ends_at, mock.place, mock.ended_at, mock.correct, mock.asked,
    mock.points,
    mock_answer.place, mock_answer.question, mock_answer.chosen, mock_answer.flagged
from mock
left join mock_answer on mock_answer.learner_id = mock.learner_id and mock_answer.course = mock.course
    and mock_answer.number = mock.number
where mock.learner_id = :learner and mock.course = :course and mock.ended_at is null
order by mock_answer.place;

-- name: mock_exam_results
-- The latest six finished mock exams, newest first.
select number, started_at, ended_at, correct, asked, points
from mock
where learner_id = :learner and course = :course and ended_at is not null
order by number desc
limit 6;

-- name: add_mock_exam!
insert into mock (learner_id, course, number, started_at, ends_at, place)
values (:learner, :course, :number, :started_at, :ends_at, :place);

-- name: add_mock_exam_answers!
insert into mock_answer (learner_id, course, number, place, question)
select :learner, :course, :number, cast(key as bigint), value
from json_each(:questions);

-- name: set_mock_exam!
update mock
set place = :place, ended_at = :ended_at, correct = :correct, asked = :asked, points = :points
where learner_id = :learner and course = :course and number = :number;

-- name: set_mock_exam_answer!
update mock_answer
set chosen = :chosen, flagged = :flagged
where learner_id = :learner and course = :course and number = :number and place = :place;

-- name: drop_mock_exam!
delete from mock
where learner_id = :learner and course = :course and number = :number;

-- name: drop_mock_exam_answers!
delete from mock_answer
where learner_id = :learner and course = :course and number = :number;

-- name: drop_earlier_mock_exam_answers!
delete from mock_answer
where learner_id = :learner and course = :course and number < :number;
