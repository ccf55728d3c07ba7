-- name: count_answer
-- Returns a row if it is the learner's first answer to the question.
insert into counted_answer (learner_id, course, question, correct)
values (:learner, :course, :question, :correct)
on conflict (learner_id, course, question) do nothing
returning 1;

-- name: first_answers
-- The number of the learner's first answers in the course, and of the correct ones.
select count(correct), coalesce(sum(correct), 0)
from counted_answer
where learner_id = :learner and course = :course;

-- name: add_item_answer!
insert into item_statistics (
    course, question, fingerprint, answers, correct, rated, rated_correct, rate_sum, rate_squares, rate_sum_correct,
    timed, time_sum
)
values (
    :course, :question, :fingerprint, 1, :correct, :rated, :rated * :correct, :rate, :rate * :rate, :rate * :correct,
    :timed, :duration
)
on conflict (course, question, fingerprint) do update
set answers = item_statistics.answers + 1,
    correct = item_statistics.correct + excluded.correct,
    rated = item_statistics.rated + excluded.rated,
    rated_correct = item_statistics.rated_correct + excluded.rated_correct,
    rate_sum = item_statistics.rate_sum + excluded.rate_sum,
    rate_squares = item_statistics.rate_squares + excluded.rate_squares,
    rate_sum_correct = item_statistics.rate_sum_correct + excluded.rate_sum_correct,
    timed = item_statistics.timed + excluded.timed,
    time_sum = item_statistics.time_sum + excluded.time_sum;

-- name: add_item_choice!
insert into item_choice (course, question, fingerprint, part, choice, chosen)
values (:course, :question, :fingerprint, :part, :choice, 1)
on conflict (course, question, fingerprint, part, choice) do update
set chosen = item_choice.chosen + 1;

-- name: decide_item!
insert into item_statistics (course, question, fingerprint, resolution, resolved_at)
values (:course, :question, :fingerprint, :resolution, :now)
on conflict (course, question, fingerprint) do update
set resolution = excluded.resolution, resolved_at = excluded.resolved_at;

-- name: items
-- The versions of questions with at least :least answers or a decision.
select
    question, fingerprint, resolution, answers, correct, rated, rated_correct, rate_sum, rate_squares, rate_sum_correct,
    timed, time_sum
from item_statistics
where course = :course and (answers >= :least or resolution is not null);

-- name: item_choices
select question, fingerprint, part, choice, chosen
from item_choice
where course = :course;

-- name: export_counted_answer
select course, question, correct
from counted_answer
where learner_id = :learner
order by course, question;

-- name: forget_counted_answer
delete from counted_answer where learner_id = :learner returning 1;
