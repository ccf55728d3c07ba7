-- The cohort of a course in a server, and when its digest is posted.
create table cohort (
    server_id integer not null,
    course text not null,
    channel_id integer not null,
    -- A thread that sleeps is not told by Discord at the start, so one that is unknown is not a deleted one.
    thread integer not null default 0 check (thread in (0, 1)),
    day integer not null check (day between 0 and 6),
    minute integer not null check (minute between 0 and 1439),
    zone text not null,
    -- on: due_at is the slot to serve; paused by an administrator; suspended by a lost channel or permission; off.
    state text not null default 'on' check (state in ('on', 'paused', 'suspended', 'off')),
    due_at integer not null,
    reason text,
    -- What Discord allowed when the digest was suspended: it resumes once that has changed for the better.
    seen text,
    told integer not null default 0 check (told in (0, 1)),
    set_by integer,
    primary key (server_id, course)
) strict, without rowid;

create index cohort_due on cohort (due_at) where state = 'on';

create index cohort_suspended on cohort (server_id) where state = 'suspended';

create index cohort_set_by on cohort (set_by) where set_by is not null;

-- One row for each digest of a week. The row is claimed before anything is sent; the message id is the receipt.
create table digest (
    server_id integer not null,
    course text not null,
    week text not null,
    slot_at integer not null,
    state text not null check (state in ('claimed', 'posted', 'skipped')),
    owner text,
    lease_until integer,
    attempts integer not null default 0,
    -- When the last attempt began to send: its message, if there is one, is not older.
    tried_at integer,
    next_try_at integer,
    channel_id integer,
    message_id integer,
    posted_at integer,
    reason text,
    primary key (server_id, course, week)
) strict, without rowid;

-- Who Discord says has left the server, and until when somebody is away.
alter table member add column gone_at integer;

alter table member add column away_until integer;

-- The exam date of a learner, shared with their cohorts or not.
create table exam (
    learner_id integer not null,
    course text not null,
    exam_on text not null,
    shared integer not null default 0 check (shared in (0, 1)),
    primary key (learner_id, course)
) strict, without rowid;
