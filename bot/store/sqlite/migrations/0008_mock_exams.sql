-- A mock exam of a course, as one learner takes it: the open one, and the numbers of those that are over. It goes when it
-- is given up.
create table mock (
    learner_id integer not null,
    course text not null,
    -- Above all of the learner's earlier ones in the course, and never given twice; the order of options is drawn by it.
    number integer not null,
    started_at integer not null,
    -- When the time is over; null where it isn't timed.
    ends_at integer,
    -- The question that is shown, by its place from 0.
    place integer not null default 0,
    -- Once it is over: when, and how many answers of how many questions were right.
    ended_at integer,
    correct integer,
    asked integer,
    primary key (learner_id, course, number)
) strict, without rowid;

-- One open exam for each learner and course.
create unique index mock_open on mock (learner_id, course) where ended_at is null;

-- The questions of the open mock exam and of the latest one that is over, with what was answered.
create table mock_answer (
    learner_id integer not null,
    course text not null,
    number integer not null,
    place integer not null,
    question text not null,
    -- The options chosen, as indices with commas between them; null where nothing is.
    chosen text,
    primary key (learner_id, course, number, place)
) strict, without rowid;
