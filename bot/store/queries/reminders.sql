-- name: reminders_of
-- One row per reminder of a learner, each with the learner's zone, the last day that is taken, and when the latest
-- message was sent. A day that was skipped before any attempt is free again.
select reminder.course, reminder.days, reminder.minute, reminder.state, reminder.due_at, reminder.since_at,
    reminder.channel_id, reminder.reason,
    (select learner.zone from learner where learner.learner_id = reminder.learner_id),
    (
        select max(delivery.slot)
        from delivery
        where delivery.server_id = 0 and delivery.learner_id = reminder.learner_id and delivery.kind = 'reminder'
            and delivery.series = '' and (delivery.state <> 'skipped' or delivery.tried_at is not null)
    ),
    (
        select max(delivery.sent_at)
        from delivery
        where delivery.server_id = 0 and delivery.learner_id = reminder.learner_id and delivery.kind = 'reminder'
            and delivery.series = ''
    )
from reminder
where reminder.learner_id = :learner
order by reminder.course;

-- name: reminder_of_slot
-- Returns a row if the delivery of a slot was for this course.
select 1
from delivery
where server_id = :server and learner_id = :learner and kind = :kind and series = :series and slot = :slot
    and course = :course;

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

-- name: delete_reminder!
delete from reminder
where learner_id = :learner and course = :course;

-- name: look_again_at!
update reminder
set due_at = :due_at
where learner_id = :learner and course = :course;

-- name: due_reminders
-- Learners with a due reminder, unless an attempt holds the claim or waits.
select reminder.learner_id
from reminder
where reminder.state = 'on' and reminder.due_at <= :now
    and not exists (
        select 1 from delivery
        where delivery.server_id = 0 and delivery.learner_id = reminder.learner_id and delivery.kind = 'reminder'
            and delivery.series = ''
            and delivery.state = 'claimed' and (delivery.lease_until > :now or delivery.next_try_at > :now)
    )
order by reminder.due_at
limit :most;

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
