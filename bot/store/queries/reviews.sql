-- name: review_state
-- Always one row: the learner's round in the course, the card and the mistake of its question, the log entry of its
-- answer, the exam date, the time zone and the FSRS settings. Missing values are null.
select reviewing.route, reviewing.beyond, reviewing.goal, reviewing.extra, reviewing.done, reviewing.correct,
    reviewing.question, reviewing.seed, reviewing.shown_at, reviewing.chosen, reviewing.duration, reviewing.number,
    reviewing.scope, reviewing.queue,
    card.state, card.step, card.stability, card.difficulty, card.due_at, card.reviewed_at, card.rating,
    mistake.missed_at, mistake.right_on,
    review.number, review.question, review.reviewed_at, review.rating, review.correct, review.duration, review.chosen,
    review.source, review.counted, review.guessed, review.old_missed_at, review.old_right_on,
    review.old_state, review.old_step, review.old_stability, review.old_difficulty, review.old_due_at,
    review.old_reviewed_at, review.old_rating,
    exam.exam_on, learner.zone, fsrs_setting.retention, fsrs_setting.parameters
from (select 1) as once
left join reviewing on reviewing.learner_id = :learner and reviewing.course = :course
left join card on card.learner_id = :learner and card.course = :course and card.question = reviewing.question
left join mistake on mistake.learner_id = :learner and mistake.course = :course
    and mistake.question = reviewing.question
left join review on review.learner_id = :learner and review.number = reviewing.number
left join exam on exam.learner_id = :learner and exam.course = :course
left join learner on learner.learner_id = :learner
left join fsrs_setting on fsrs_setting.learner_id = :learner;

-- name: save_round!
insert into reviewing (
    learner_id, course, route, beyond, goal, extra, done, correct, question, seed, shown_at, chosen, duration, number,
    scope, queue
)
values (
    :learner, :course, :route, :beyond, :goal, :extra, :done, :correct, :question, :seed, :shown_at, :chosen, :duration,
    :number, :scope, :queue
)
on conflict (learner_id, course) do update
set route = excluded.route,
    beyond = excluded.beyond,
    goal = excluded.goal,
    extra = excluded.extra,
    done = excluded.done,
    correct = excluded.correct,
    question = excluded.question,
    seed = excluded.seed,
    shown_at = excluded.shown_at,
    chosen = excluded.chosen,
    duration = excluded.duration,
    number = excluded.number,
    scope = excluded.scope,
    queue = excluded.queue;

-- name: set_card!
insert into card (learner_id, course, question, state, step, stability, difficulty, due_at, reviewed_at, rating)
values (
    :learner, :course, :question, :state, :step, :stability, :difficulty, :due_at, :reviewed_at, :rating
)
on conflict (learner_id, course, question) do update
set state = excluded.state,
    step = excluded.step,
    stability = excluded.stability,
    difficulty = excluded.difficulty,
    due_at = excluded.due_at,
    reviewed_at = excluded.reviewed_at,
    rating = excluded.rating;

-- name: drop_card!
delete from card
where learner_id = :learner and course = :course and question = :question;

-- name: due_cards
select question, state, step, stability, difficulty, due_at, reviewed_at, rating
from card
where learner_id = :learner and course = :course and due_at <= :by;

-- name: cards
select question, state, step, stability, difficulty, due_at, reviewed_at, rating
from card
where learner_id = :learner and course = :course;

-- name: add_review
insert into review (
    learner_id, number, course, question, source, counted, reviewed_at, rating, correct, guessed, duration, chosen,
    old_state, old_step, old_stability, old_difficulty, old_due_at, old_reviewed_at, old_rating, old_missed_at,
    old_right_on
)
select :learner, case when max(review.number) >= :number then max(review.number) + 1 else :number end, :course, :question, :source,
    :counted, :reviewed_at, :rating, :correct, :guessed, :duration, :chosen, :old_state, :old_step, :old_stability,
    :old_difficulty, :old_due_at, :old_reviewed_at, :old_rating, :old_missed_at, :old_right_on
from review
where review.learner_id = :learner
returning number;

-- name: rate_review!
update review
set rating = :rating, guessed = :guessed
where learner_id = :learner and number = :number;

-- name: last_review
select number, question, reviewed_at, rating, correct, duration, chosen, source, counted, guessed, old_missed_at,
    old_right_on, old_state, old_step, old_stability, old_difficulty, old_due_at, old_reviewed_at, old_rating
from review
where learner_id = :learner and course = :course
order by number desc
limit 1;

-- name: latest_answers
-- The latest :count answers of reviews and drills, newest first.
select question, correct
from review
where learner_id = :learner and course = :course and source in ('review', 'drill')
order by number desc
limit :count;

-- name: drop_review!
delete from review
where learner_id = :learner and number = :number;

-- name: new_cards_since
-- The number of first reviews of a card since :since, in all courses.
select count(*)
from review
where learner_id = :learner and number >= :since and old_state is null and counted = 1;

-- name: reviews_since
-- The number of reviews of a course since :since, of those of cards in the review state, and of those recalled.
select count(*), count(*) filter (where old_state = 2 and counted = 1),
    count(*) filter (where old_state = 2 and counted = 1 and correct = 1)
from review
where learner_id = :learner and number >= :since and course = :course;

-- name: answered_since
select distinct question
from review
where learner_id = :learner and number >= :since and course = :course;

-- name: final_pass_count
-- The number of reviews since :since of cards whose last review before that was earlier than :begins.
select count(*)
from review
where learner_id = :learner and number >= :since and course = :course and counted = 1
    and old_reviewed_at < :begins;

-- name: answer_times
-- The durations of the latest :count answers, in milliseconds.
select duration
from review
where learner_id = :learner and course = :course
order by number desc
limit :count;
