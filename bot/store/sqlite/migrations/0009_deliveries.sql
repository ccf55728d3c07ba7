-- Every scheduled message of every kind: claimed before it is sent, then sent or skipped. The message ID is the receipt.
create table delivery (
    -- Whom it is for: a server or a learner; 0 for the other.
    server_id integer not null default 0,
    learner_id integer not null default 0,
    kind text not null,
    -- Slots are unique within a series: a server has one for each course, a learner has one of reminders.
    series text not null default '',
    -- The period that gets one message at most: an ISO week such as 2026-W48, or a local date.
    slot text not null,
    course text not null,
    slot_at integer not null,
    state text not null check (state in ('claimed', 'sent', 'skipped')),
    owner text,
    lease_until integer,
    attempts integer not null default 0,
    -- When the last attempt began to send: its message, if there is one, is not older. channel_id is where it went.
    tried_at integer,
    next_try_at integer,
    channel_id integer,
    message_id integer,
    sent_at integer,
    -- The learner asked for the message once more: slot_at is when.
    repeated integer not null default 0 check (repeated in (0, 1)),
    -- Why it was skipped, or what kept the last attempt from succeeding.
    reason text,
    primary key (server_id, learner_id, kind, series, slot)
) strict, without rowid;

create index delivery_by_learner on delivery (learner_id);

create index delivery_open on delivery (kind, slot_at) where state = 'claimed';

insert into delivery (
    server_id, kind, series, slot, course, slot_at, state, owner, lease_until, attempts, tried_at, next_try_at,
    channel_id, message_id, sent_at, reason
)
select server_id, 'digest', course, week, course, slot_at, case state when 'posted' then 'sent' else state end, owner,
    lease_until, attempts, tried_at, next_try_at, channel_id, message_id, posted_at, reason
from digest;

insert into delivery (
    learner_id, kind, slot, course, slot_at, state, owner, lease_until, attempts, tried_at, next_try_at, channel_id,
    message_id, sent_at, repeated, reason
)
select reminded.learner_id, 'reminder', reminded.day, reminded.course, reminded.slot_at, reminded.state, reminded.owner,
    reminded.lease_until, reminded.attempts, reminded.tried_at, reminded.next_try_at, reminder.channel_id,
    reminded.message_id, reminded.sent_at, reminded.again, reminded.reason
from reminded
left join reminder on reminder.learner_id = reminded.learner_id and reminder.course = reminded.course;

drop table digest;

drop table reminded;
