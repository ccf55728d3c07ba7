-- A question of a bank as one learner knows it: where FSRS has it. One row for each that was ever answered; it stays
-- when the question leaves the bank.
create table card (
    learner_id integer not null,
    course text not null,
    question text not null,
    -- FSRS: 1 learning, 2 review, 3 relearning; its step while it is learned, else null; days; 1 to 10.
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

-- Every rating in the order in which it was given: what FSRS' parameters can be fitted to. What the card was before it
-- (null where it was new) is kept too, so that the last rating can be taken back. The number is the microseconds since
-- 1970, or one more than the last where the clock stood still: so the key finds the reviews of a time, and a rating
-- need not write an index for that.
create table review (
    learner_id integer not null,
    number integer not null,
    course text not null,
    question text not null,
    reviewed_at integer not null,
    rating integer not null check (rating between 1 and 4),
    correct integer not null check (correct in (0, 1)),
    -- Milliseconds from the question to the answer; null where nobody knows.
    duration integer,
    -- The options chosen, as indices in the file with commas between them: an undo shows the answer again.
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

-- Where a learner is in a review of a course: the card that is shown, and what was answered, until it is rated or the
-- round is over. It is what lets them go on after a restart and on another device.
create table reviewing (
    learner_id integer not null,
    course text not null,
    -- What was asked for: a path or module (null for all), modules that aren't ticked too, so many cards, so many new ones
    -- beyond those of the day.
    route text,
    beyond integer not null default 0 check (beyond in (0, 1)),
    goal integer not null,
    extra integer not null default 0,
    -- How far it is: cards answered, and right ones among them.
    done integer not null default 0,
    correct integer not null default 0,
    -- The card that is shown (null when the round is over), its order of options, and since when.
    question text,
    seed integer not null default 0,
    shown_at integer not null default 0,
    -- Once it is answered: the options chosen, as indices with commas between them; the milliseconds; and the number of
    -- its review, null where that was taken back.
    chosen text,
    duration integer,
    number integer,
    primary key (learner_id, course)
) strict, without rowid;
