-- The question of the day of a server: when and where it is posted, and the role that is notified. Times are UTC.
-- active_at is when it was turned on or resumed. thread_reason says why the last discussion thread wasn't created.
create table daily_question (
    server_id bigint not null primary key,
    channel_id bigint not null,
    thread bigint not null default 0 check (thread in (0, 1)),
    minute bigint not null check (minute between 0 and 1439),
    zone text collate "C" not null,
    role bigint,
    state text collate "C" not null check (state in ('on', 'paused', 'suspended', 'off')),
    due_at bigint not null,
    active_at bigint not null,
    reason text collate "C",
    seen text collate "C",
    told bigint not null default 0 check (told in (0, 1)),
    set_by bigint,
    thread_reason text collate "C"
);

create index daily_question_due on daily_question (due_at) where state = 'on';

create index daily_question_set_by on daily_question (set_by) where set_by is not null;

-- The question of a slot, chosen before it is posted; the delivery of the slot has its message. reveals is the slot of
-- the post whose answer this one shows. From revealed_at on, answers no longer count. shown is the number of answers
-- that the message shows; closed: the message is never edited again. discussed: it has a thread.
create table daily_post (
    server_id bigint not null,
    slot text collate "C" not null,
    course text collate "C" not null,
    question text collate "C" not null,
    fingerprint text collate "C" not null,
    reveals text collate "C",
    revealed_at bigint,
    shown bigint not null default 0,
    closed bigint not null default 0 check (closed in (0, 1)),
    discussed bigint not null default 0 check (discussed in (0, 1)),
    primary key (server_id, slot)
);

create index daily_post_open on daily_post (server_id) where closed = 0;

-- A learner's answer: the index of the option in the file. It can't be changed.
create table daily_answer (
    server_id bigint not null,
    slot text collate "C" not null,
    learner_id bigint not null,
    choice bigint not null,
    correct bigint not null check (correct in (0, 1)),
    answered_at bigint not null,
    primary key (server_id, slot, learner_id)
);

create index daily_answer_by_learner on daily_answer (learner_id);

-- How many chose what, counted when the answer is revealed. It doesn't say who, so it stays when a learner is deleted.
create table daily_tally (
    server_id bigint not null,
    slot text collate "C" not null,
    choice bigint not null,
    answers bigint not null,
    primary key (server_id, slot, choice)
);
