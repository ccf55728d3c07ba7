-- A question that a learner reported. The fingerprint is that of the version they saw, the prompt its beginning. Once it
-- is resolved, the learner is told at their next review; told_at is when.
create table question_report (
    learner_id integer not null,
    number integer not null,
    course text not null,
    question text not null,
    fingerprint text not null,
    prompt text not null,
    reason text not null check (reason in ('wrong', 'outdated', 'unclear', 'other')),
    comment text,
    reported_at integer not null,
    resolved_at integer,
    resolution text check (resolution in ('fixed', 'withdrawn', 'kept', 'undone')),
    because text,
    told_at integer,
    primary key (learner_id, number)
) strict, without rowid;

-- One open report of each learner on a question.
create unique index question_report_open on question_report (course, question, learner_id) where resolved_at is null;

-- The questions that a learner has answered in a review or a mock exam, and whether the first answer was right (null if
-- that is unknown). Item statistics count only that one.
create table counted_answer (
    learner_id integer not null,
    course text not null,
    question text not null,
    correct integer check (correct in (0, 1)),
    primary key (learner_id, course, question)
) strict, without rowid;

-- Answers from before statistics were kept aren't in them, and neither are later ones of the same learners to the same
-- questions.
insert into counted_answer (learner_id, course, question, correct)
select learner_id, course, question, min(correct)
from (
    select learner_id, course, question, correct from review where old_state is null
    union all select learner_id, course, question, null from mock_answer where chosen is not null
) as earlier
group by learner_id, course, question;

-- First answers to a version of a question, without learners. The rates are those of the learners on their other first
-- answers in the course, in thousandths: their number and sums. The resolution is the operator's latest decision.
create table item_statistics (
    course text not null,
    question text not null,
    fingerprint text not null,
    answers integer not null default 0,
    correct integer not null default 0,
    rated integer not null default 0,
    rated_correct integer not null default 0,
    rate_sum integer not null default 0,
    rate_squares integer not null default 0,
    rate_sum_correct integer not null default 0,
    resolution text check (resolution in ('fixed', 'withdrawn', 'kept')),
    resolved_at integer,
    primary key (course, question, fingerprint)
) strict, without rowid;

-- How often each option was chosen in those answers, by the part of the question (0 if it has none).
create table item_choice (
    course text not null,
    question text not null,
    fingerprint text not null,
    part integer not null,
    choice integer not null,
    chosen integer not null default 0,
    primary key (course, question, fingerprint, part, choice)
) strict, without rowid;
