-- The question of the day of a server: when and where it is posted, and the role that is notified. Times are UTC.
-- active_at is when it was turned on or resumed. thread_reason says why the last discussion thread wasn't created.
create table daily_question (
    server_id integer not null primary key,
    channel_id integer not null,
    thread integer not null default 0 check (thread in (0, 1)),
    minute integer not null check (minute between 0 and 1439),
    zone text not null,
    role integer,
    state text not null check (state in ('on', 'paused', 'suspended', 'off')),
    due_at integer not null,
    active_at integer not null,
    reason text,
    seen text,
    told integer not null default 0 check (told in (0, 1)),
    set_by integer,
    thread_reason text
) strict, without rowid;

create index daily_question_due on daily_question (due_at) where state = 'on';

create index daily_question_set_by on daily_question (set_by) where set_by is not null;

-- The question of a slot, chosen before it is posted; the delivery of the slot has its message. reveals is the slot of
-- the post whose answer this one shows. From revealed_at on, answers no longer count. shown is the number of answers
-- that the message shows; closed: the message is never edited again. discussed: it has a thread.
create table daily_post (
    server_id integer not null,
    slot text not null,
    course text not null,
    question text not null,
    fingerprint text not null,
    reveals text,
    revealed_at integer,
    shown integer not null default 0,
    closed integer not null default 0 check (closed in (0, 1)),
    discussed integer not null default 0 check (discussed in (0, 1)),
    primary key (server_id, slot)
) strict, without rowid;

create index daily_post_open on daily_post (server_id) where closed = 0;

-- A learner's answer: the index of the option in the file. It can't be changed.
create table daily_answer (
    server_id integer not null,
    slot text not null,
    learner_id integer not null,
    choice integer not null,
    correct integer not null check (correct in (0, 1)),
    answered_at integer not null,
    primary key (server_id, slot, learner_id)
) strict, without rowid;

create index daily_answer_by_learner on daily_answer (learner_id);

-- How many chose what, counted when the answer is revealed. It doesn't say who, so it stays when a learner is deleted.
create table daily_tally (
    server_id integer not null,
    slot text not null,
    choice integer not null,
    answers integer not null,
    primary key (server_id, slot, choice)
) strict, without rowid;
