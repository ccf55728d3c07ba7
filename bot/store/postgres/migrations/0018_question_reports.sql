-- A question that a learner reported. The fingerprint is that of the version they saw, the prompt its beginning. Once it
-- is resolved, the learner is told at their next review; told_at is when.
create table question_report (
    learner_id bigint not null,
    number bigint not null,
    course text collate "C" not null,
    question text collate "C" not null,
    fingerprint text collate "C" not null,
    prompt text collate "C" not null,
    reason text collate "C" not null check (reason in ('wrong', 'outdated', 'unclear', 'other')),
    comment text collate "C",
    reported_at bigint not null,
    resolved_at bigint,
    resolution text collate "C" check (resolution in ('fixed', 'withdrawn', 'kept', 'undone')),
    because text collate "C",
    told_at bigint,
    primary key (learner_id, number)
);

-- One open report of each learner on a question.
create unique index question_report_open on question_report (course, question, learner_id) where resolved_at is null;

-- The questions that a learner has answered in a review or a mock exam, and whether the first answer was right (null if
-- that is unknown). Item statistics count only that one.
create table counted_answer (
    learner_id bigint not null,
    course text collate "C" not null,
    question text collate "C" not null,
    correct bigint check (correct in (0, 1)),
    primary key (learner_id, course, question)
);

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
    course text collate "C" not null,
    question text collate "C" not null,
    fingerprint text collate "C" not null,
    answers bigint not null default 0,
    correct bigint not null default 0,
    rated bigint not null default 0,
    rated_correct bigint not null default 0,
    rate_sum bigint not null default 0,
    rate_squares bigint not null default 0,
    rate_sum_correct bigint not null default 0,
    resolution text collate "C" check (resolution in ('fixed', 'withdrawn', 'kept')),
    resolved_at bigint,
    primary key (course, question, fingerprint)
);

-- How often each option was chosen in those answers, by the part of the question (0 if it has none).
create table item_choice (
    course text collate "C" not null,
    question text collate "C" not null,
    fingerprint text collate "C" not null,
    part bigint not null,
    choice bigint not null,
    chosen bigint not null default 0,
    primary key (course, question, fingerprint, part, choice)
);
