-- name: reminders_of
-- All that decides what comes next for a learner, one row a reminder: the zone, the last day that is taken, and the
-- reminder that was claimed and has not ended, if there is one. A day that was skipped untried is free again.
select reminder.course, reminder.days, reminder.minute, reminder.state, reminder.due_at, reminder.since_at,
    reminder.channel_id, reminder.reason,
    (select learner.zone from learner where learner.learner_id = reminder.learner_id),
    (
        select max(reminded.day)
        from reminded
        where reminded.learner_id = reminder.learner_id
            and (reminded.state <> 'skipped' or reminded.tried_at is not null)
    ),
    (select max(reminded.sent_at) from reminded where reminded.learner_id = reminder.learner_id),
    open.day, open.course, open.slot_at, open.tried_at
from reminder
left join reminded as open on open.learner_id = reminder.learner_id and open.state = 'claimed'
where reminder.learner_id = :learner
order by reminder.course;

-- name: set_reminder!
insert into reminder (learner_id, course, state, days, minute, due_at, since_at, channel_id)
values (:learner, :course, 'on', :days, :minute, :due_at, :since_at, :channel)
on conflict (learner_id, course) do update
set state = 'on',
    days = excluded.days,
    minute = excluded.minute,
    due_at = excluded.due_at,
    since_at = excluded.since_at,
    channel_id = excluded.channel_id,
    reason = null,
    told = 0;

-- name: set_reminder_due!
update reminder
set state = :state, due_at = :due_at, since_at = :since_at, reason = :reason
where learner_id = :learner and course = :course;

-- name: look_again_at!
update reminder
set due_at = :due_at
where learner_id = :learner and course = :course;

-- name: due_reminders
-- Whose reminder has come, but for what another attempt holds or waits with.
select reminder.learner_id
from reminder
where reminder.state = 'on' and reminder.due_at <= :now
    and not exists (
        select 1 from reminded
        where reminded.learner_id = reminder.learner_id and reminded.state = 'claimed'
            and (reminded.lease_until > :now or reminded.next_try_at > :now)
    )
order by reminder.due_at
limit :most;

-- name: reminded_row
select state, lease_until, attempts, tried_at, next_try_at, sent_at, again, course
from reminded
where learner_id = :learner and day = :day;

-- name: claim_reminder!
insert into reminded (learner_id, day, course, slot_at, state, owner, lease_until, attempts)
values (:learner, :day, :course, :slot_at, 'claimed', :owner, :lease_until, 1)
on conflict (learner_id, day) do update
set course = excluded.course,
    slot_at = excluded.slot_at,
    state = 'claimed',
    owner = excluded.owner,
    lease_until = excluded.lease_until,
    attempts = reminded.attempts + 1,
    next_try_at = null,
    reason = null;

-- name: begin_reminder
-- Only the owner of a live claim may send, and only what is still asked for.
update reminded
set tried_at = :now, lease_until = :lease_until
where learner_id = :learner and day = :day and state = 'claimed' and owner = :owner
    and exists (
        select 1 from reminder
        where reminder.learner_id = reminded.learner_id and reminder.course = reminded.course
            and reminder.state = 'on'
    )
returning attempts;

-- name: retry_reminder!
update reminded
set owner = null, lease_until = null, next_try_at = :next_try_at, reason = :reason
where learner_id = :learner and day = :day and state = 'claimed' and owner = :owner;

-- name: reminder_sent
-- Of the attempt that sent it, also where the learner has ended it since. What was forgotten stays so.
update reminded
set state = 'sent', owner = null, lease_until = null, next_try_at = null, message_id = :message,
    sent_at = coalesce(sent_at, :now), reason = :reason
where learner_id = :learner and day = :day
    and (state = 'skipped' or (state = 'claimed' and owner = :owner))
returning state;

-- name: reminder_skipped!
insert into reminded (learner_id, day, course, slot_at, state, reason)
values (:learner, :day, :course, :slot_at, 'skipped', :reason)
on conflict (learner_id, day) do update
set state = case when sent_at is null then 'skipped' else 'sent' end, owner = null, lease_until = null,
    next_try_at = null, reason = excluded.reason
where reminded.state = 'claimed';

-- name: end_open_reminder!
update reminded
set state = case when sent_at is null then 'skipped' else 'sent' end, owner = null, lease_until = null,
    next_try_at = null, reason = case when sent_at is null then :reason else reason end
where learner_id = :learner and course = :course and state = 'claimed';

-- name: remind_again!
-- Once more on the same day: its row is open again. Whoever presses has the message, whether or not its receipt is here.
update reminded
set state = 'claimed', owner = null, lease_until = null, attempts = 0, slot_at = :slot_at, next_try_at = :slot_at,
    sent_at = coalesce(sent_at, tried_at), message_id = :message, tried_at = null, again = 1
where learner_id = :learner and day = :day;

-- name: drop_old_reminded!
delete from reminded
where learner_id = :learner and day < :day and state <> 'claimed';

-- name: suspend_reminders!
update reminder
set state = 'suspended', reason = :reason, told = 0
where learner_id = :learner and state = 'on';

-- name: reminders_suspended
select learner_id
from reminder
where state = 'suspended' and told = 0;

-- name: tell_suspended
update reminder
set told = 1
where learner_id = :learner and state = 'suspended' and told = 0
returning course, reason;
