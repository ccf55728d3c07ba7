-- Whether the learner was asked how the exam went, when, and whether that waits for their next command. Dates that have
-- passed before this version are not asked about.
alter table exam add column asked_at integer;
alter table exam add column by_command integer not null default 0 check (by_command in (0, 1));
update exam set asked_at = 0 where exam_on < date('now');
create index exam_to_ask on exam (exam_on) where asked_at is null;

-- How an exam went. readiness is that of the exam day in percent; counted is 1 if it is in outcome_count. The columns
-- from exam_shared to reminder_state are what ended with a pass, so that an undo can restore it. upkeep is what the
-- learner chose for reviews after a pass. The certification is valid until valid_on; the next notice about its renewal is
-- due on notice_on, at the learner's next command if by_command is 1.
create table outcome (
    learner_id integer not null,
    course text not null,
    exam_on text not null,
    result text not null check (result in ('passed', 'failed')),
    answered_at integer not null,
    readiness integer check (readiness between 0 and 100),
    counted integer not null default 0 check (counted in (0, 1)),
    exam_shared integer,
    minutes_a_week integer,
    days integer,
    start_on text,
    baseline_minutes integer,
    session_minute integer,
    reminder_state text,
    upkeep text check (upkeep in ('weekly', 'stopped')),
    valid_on text,
    notice_on text,
    by_command integer not null default 0 check (by_command in (0, 1)),
    primary key (learner_id, course, exam_on)
) strict, without rowid;

create index outcome_notice on outcome (notice_on) where notice_on is not null;

-- How the score report of a failed attempt rates the domains of the exam.
create table outcome_domain (
    learner_id integer not null,
    course text not null,
    exam_on text not null,
    domain text not null,
    level text not null check (level in ('weak', 'fair', 'strong')),
    primary key (learner_id, course, exam_on, domain)
) strict, without rowid;

-- The servers in which a learner shared that they passed.
create table outcome_share (
    learner_id integer not null,
    course text not null,
    server_id integer not null,
    exam_on text not null,
    shared_at integer not null,
    primary key (learner_id, course, server_id)
) strict, without rowid;

create index outcome_share_by_server on outcome_share (server_id, course);

-- Results that learners agreed to count, by readiness in steps of ten percent. Says nothing about a person.
create table outcome_count (
    course text not null,
    bucket integer not null check (bucket between 0 and 9),
    passed integer not null,
    failed integer not null,
    primary key (course, bucket)
) strict, without rowid;

-- The domains to which a plan is limited, for a retake.
create table plan_focus (
    learner_id integer not null,
    course text not null,
    domain text not null,
    primary key (learner_id, course, domain)
) strict, without rowid;
