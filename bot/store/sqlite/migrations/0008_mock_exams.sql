-- A learner's mock exam of a course: the open one, and the results of finished ones. A discarded one is deleted.
create table mock (
    learner_id integer not null,
    course text not null,
    -- Greater than all of the learner's earlier ones in the course, and never reused. Seeds the order of options.
    number integer not null,
    started_at integer not null,
    -- The deadline; null if it isn't timed.
    ends_at integer,
    -- The index of the question that is shown, from 0.
    place integer not null default 0,
    -- Set once it has ended: when, the number of correct answers, and the number of questions.
    ended_at integer,
    correct integer,
    asked integer,
    primary key (learner_id, course, number)
) strict, without rowid;

-- At most one open exam per learner and course.
create unique index mock_open on mock (learner_id, course) where ended_at is null;

-- The questions and answers of the open mock exam and of the latest finished one.
create table mock_answer (
    learner_id integer not null,
    course text not null,
    number integer not null,
    place integer not null,
    question text not null,
    -- The chosen options, as comma-separated indices; null if unanswered.
    chosen text,
    primary key (learner_id, course, number, place)
) strict, without rowid;
