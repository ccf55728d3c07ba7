-- The questions that a learner has to master: missed at a time, and answered correctly on a day since. One row is one
-- question on the list.
create table mistake (
    learner_id integer not null,
    course text not null,
    question text not null,
    missed_at integer not null,
    right_on text,
    primary key (learner_id, course, question)
) strict, without rowid;

-- The log has every answer: where it was given, whether it counted as a review (so that the card changed), whether it
-- was a guess, and the entry of the list before it.
alter table review add column source text not null default 'review'
    check (source in ('review', 'drill', 'exam', 'daily', 'quiz'));
alter table review add column counted integer not null default 1 check (counted in (0, 1));
alter table review add column guessed integer not null default 0 check (guessed in (0, 1));
alter table review add column old_missed_at integer;
alter table review add column old_right_on text;

-- A drill is a round with a fixed list of questions (JSON): what it is about, and the list. Null for a review.
alter table reviewing add column scope text;
alter table reviewing add column queue text;

-- Whether wrong answers in quizzes go on the learner's list.
alter table learner add column quiz_mistakes integer not null default 0 check (quiz_mistakes in (0, 1));
