-- Whether the learner was asked how the exam went, when, and whether that waits for their next command. Dates that have
-- passed before this version are not asked about.
alter table exam add column asked_at bigint;
alter table exam add column by_command bigint not null default 0 check (by_command in (0, 1));
update exam set asked_at = 0 where exam_on < to_char(current_date, 'YYYY-MM-DD');
create index exam_to_ask on exam (exam_on) where asked_at is null;

-- How an exam went. readiness is that of the exam day in percent; counted is 1 if it is in outcome_count. The columns
-- from exam_shared to reminder_state are what ended with a pass, so that an undo can restore it. upkeep is what the
-- learner chose for reviews after a pass. The certification is valid until valid_on; the next notice about its renewal is
-- due on notice_on, at the learner's next command if by_command is 1.
create table outcome (
    learner_id bigint not null,
    course text collate "C" not null,
    exam_on text collate "C" not null,
    result text collate "C" not null check (result in ('passed', 'failed')),
    answered_at bigint not null,
    readiness bigint check (readiness between 0 and 100),
    counted bigint not null default 0 check (counted in (0, 1)),
    exam_shared bigint,
    minutes_a_week bigint,
    days bigint,
    start_on text collate "C",
    baseline_minutes bigint,
    session_minute bigint,
    reminder_state text collate "C",
    upkeep text collate "C" check (upkeep in ('weekly', 'stopped')),
    valid_on text collate "C",
    notice_on text collate "C",
    by_command bigint not null default 0 check (by_command in (0, 1)),
    primary key (learner_id, course, exam_on)
);

create index outcome_notice on outcome (notice_on) where notice_on is not null;

-- How the score report of a failed attempt rates the domains of the exam.
create table outcome_domain (
    learner_id bigint not null,
    course text collate "C" not null,
    exam_on text collate "C" not null,
    domain text collate "C" not null,
    level text collate "C" not null check (level in ('weak', 'fair', 'strong')),
    primary key (learner_id, course, exam_on, domain)
);

-- The servers in which a learner shared that they passed.
create table outcome_share (
    learner_id bigint not null,
    course text collate "C" not null,
    server_id bigint not null,
    exam_on text collate "C" not null,
    shared_at bigint not null,
    primary key (learner_id, course, server_id)
);

create index outcome_share_by_server on outcome_share (server_id, course);

-- Results that learners agreed to count, by readiness in steps of ten percent. Says nothing about a person.
create table outcome_count (
    course text collate "C" not null,
    bucket bigint not null check (bucket between 0 and 9),
    passed bigint not null,
    failed bigint not null,
    primary key (course, bucket)
);

-- The domains to which a plan is limited, for a retake.
create table plan_focus (
    learner_id bigint not null,
    course text collate "C" not null,
    domain text collate "C" not null,
    primary key (learner_id, course, domain)
);
