-- The FSRS state of a question for one learner. One row per question that was ever answered; it stays when the question
-- is removed from the bank.
create table card (
    learner_id integer not null,
    course text not null,
    question text not null,
    -- FSRS: 1 learning, 2 review, 3 relearning; the learning step, else null; stability in days; difficulty, 1 to 10.
    state integer not null check (state between 1 and 3),
    step integer,
    stability real not null,
    difficulty real not null,
    due_at integer not null,
    reviewed_at integer not null,
    -- 1 again, 2 hard, 3 good, 4 easy.
    rating integer not null check (rating between 1 and 4),
    primary key (learner_id, course, question)
) strict, without rowid;

-- The log of ratings in the order in which they were given, which FSRS' parameters can be fitted to. It includes the
-- card before the rating (null if it was new), so that the last rating can be undone. The number is the microseconds
-- since 1970, or the last number plus one if the clock didn't advance. So the key finds reviews by time, and a rating
-- needs no further index.
create table review (
    learner_id integer not null,
    number integer not null,
    course text not null,
    question text not null,
    reviewed_at integer not null,
    rating integer not null check (rating between 1 and 4),
    correct integer not null check (correct in (0, 1)),
    -- Milliseconds from the question to the answer; null if unknown.
    duration integer,
    -- The chosen options, as comma-separated indices in the file. An undo shows the answer again.
    chosen text,
    old_state integer,
    old_step integer,
    old_stability real,
    old_difficulty real,
    old_due_at integer,
    old_reviewed_at integer,
    old_rating integer,
    primary key (learner_id, number)
) strict, without rowid;

-- A learner's round of review in a course: the card that is shown, and its answer until it is rated or the round ends.
-- Lets the learner continue after a restart and on another device.
create table reviewing (
    learner_id integer not null,
    course text not null,
    -- The options of the round: a path or module (null for all), whether to include modules without ticks, the number
    -- of cards, and the number of new ones beyond the daily limit.
    route text,
    beyond integer not null default 0 check (beyond in (0, 1)),
    goal integer not null,
    extra integer not null default 0,
    -- Cards answered so far, and correct ones among them.
    done integer not null default 0,
    correct integer not null default 0,
    -- The card that is shown (null when the round has ended), the seed of its order of options, and when it was shown.
    question text,
    seed integer not null default 0,
    shown_at integer not null default 0,
    -- Set once the card is answered: the chosen options as comma-separated indices; the milliseconds; and the number of
    -- its review, null if that was undone.
    chosen text,
    duration integer,
    number integer,
    primary key (learner_id, course)
) strict, without rowid;
