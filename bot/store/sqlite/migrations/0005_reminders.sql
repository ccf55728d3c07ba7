-- What a learner asked to be reminded of by direct message: a course, on weekdays (as bits: 1 is Monday, 64 is Sunday) at
-- a time of their own clock, which is learner.zone.
create table reminder (
    learner_id integer not null,
    course text not null,
    -- on: due_at is when to look again; paused by the learner or by the end of the course; suspended by Discord; off.
    state text not null default 'on' check (state in ('on', 'paused', 'suspended', 'off')),
    days integer not null check (days between 1 and 127),
    minute integer not null check (minute between 0 and 1439),
    due_at integer not null,
    -- Slots before this moment are over: served, put off, or from before it was set.
    since_at integer not null,
    -- The direct message, so that it is opened once.
    channel_id integer not null,
    reason text,
    told integer not null default 0 check (told in (0, 1)),
    primary key (learner_id, course)
) strict, without rowid;

create index reminder_due on reminder (due_at) where state = 'on';

create index reminder_news on reminder (told) where state = 'suspended';

-- One row for each day on which a learner is reminded, whatever of: never more than one a day. The row is claimed before
-- anything is sent; the message id is the receipt.
create table reminded (
    learner_id integer not null,
    -- The learner's local date at the slot.
    day text not null,
    course text not null,
    slot_at integer not null,
    state text not null check (state in ('claimed', 'sent', 'skipped')),
    owner text,
    lease_until integer,
    attempts integer not null default 0,
    -- When the last attempt began to send: its message, if there is one, is not older.
    tried_at integer,
    next_try_at integer,
    message_id integer,
    sent_at integer,
    -- The learner asked for it once more: slot_at is when.
    again integer not null default 0 check (again in (0, 1)),
    reason text,
    primary key (learner_id, day)
) strict, without rowid;

create index reminded_open on reminded (learner_id) where state = 'claimed';
