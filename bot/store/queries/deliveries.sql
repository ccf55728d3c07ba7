-- Scheduled messages of every kind. A key is (server, learner, kind, series); each slot of a key is one message.

-- name: open_delivery
-- The oldest delivery of a key that was claimed and has not ended: its message may or may not exist.
select slot, slot_at, course, attempts, tried_at, channel_id, repeated, next_try_at, reason
from delivery
where server_id = :server and learner_id = :learner and kind = :kind and series = :series and state = 'claimed'
order by slot_at
limit 1;

-- name: open_keys
select server_id, learner_id, series
from delivery
where kind = :kind and state = 'claimed' and coalesce(lease_until, 0) <= :now and coalesce(next_try_at, 0) <= :now
order by slot_at
limit :most;

-- name: delivery_row
select state, lease_until, attempts, tried_at, next_try_at, channel_id, repeated
from delivery
where server_id = :server and learner_id = :learner and kind = :kind and series = :series and slot = :slot;

-- name: claim_delivery!
insert into delivery (
    server_id, learner_id, kind, series, slot, course, slot_at, state, owner, lease_until, attempts
)
values (:server, :learner, :kind, :series, :slot, :course, :slot_at, 'claimed', :owner, :lease_until, 1)
on conflict (server_id, learner_id, kind, series, slot) do update
set course = excluded.course,
    slot_at = excluded.slot_at,
    state = 'claimed',
    owner = excluded.owner,
    lease_until = excluded.lease_until,
    attempts = delivery.attempts + 1,
    next_try_at = null;

-- name: begin_delivery
-- Only the owner of a live claim may send. A returned row means that the claim is still valid.
update delivery
set tried_at = :now, lease_until = :lease_until, channel_id = :channel
where server_id = :server and learner_id = :learner and kind = :kind and series = :series and slot = :slot
    and state = 'claimed' and owner = :owner
returning attempts;

-- name: retry_delivery!
update delivery
set owner = null, lease_until = null, next_try_at = :next_try_at, reason = :reason
where server_id = :server and learner_id = :learner and kind = :kind and series = :series and slot = :slot
    and state = 'claimed' and owner = :owner;

-- name: delivery_sent
-- Also applies to a delivery that ended or was claimed again while the message was being sent: the message exists.
update delivery
set state = 'sent', owner = null, lease_until = null, next_try_at = null, message_id = :message,
    sent_at = coalesce(delivery.sent_at, :now), reason = :reason
where server_id = :server and learner_id = :learner and kind = :kind and series = :series and slot = :slot
    and state in ('claimed', 'skipped') and repeated = :repeated
returning state;

-- name: delivery_skipped!
insert into delivery (server_id, learner_id, kind, series, slot, course, slot_at, state, reason)
values (:server, :learner, :kind, :series, :slot, :course, :slot_at, 'skipped', :reason)
on conflict (server_id, learner_id, kind, series, slot) do update
set state = case when delivery.sent_at is null then 'skipped' else 'sent' end, owner = null, lease_until = null,
    next_try_at = null, reason = excluded.reason
where delivery.state = 'claimed';

-- name: end_open_deliveries!
-- The learner changed or turned off the reminders that these were for.
update delivery
set state = case when delivery.sent_at is null then 'skipped' else 'sent' end, owner = null, lease_until = null,
    next_try_at = null, reason = case when delivery.sent_at is null then :reason else delivery.reason end
where server_id = :server and learner_id = :learner and kind = :kind and series = :series and course = :course
    and state = 'claimed';

-- name: repeat_delivery!
-- Reopen a delivery, once. The learner has its message, whether or not the receipt is stored.
update delivery
set state = 'claimed', owner = null, lease_until = null, attempts = 0, slot_at = :slot_at, next_try_at = :slot_at,
    sent_at = coalesce(delivery.sent_at, delivery.tried_at), message_id = :message, tried_at = null, repeated = 1
where server_id = :server and learner_id = :learner and kind = :kind and series = :series and slot = :slot;

-- name: last_delivery
select slot, slot_at, state, channel_id, message_id, sent_at, reason
from delivery
where server_id = :server and learner_id = :learner and kind = :kind and series = :series and state <> 'claimed'
order by slot_at desc, slot desc
limit 1;

-- name: ended_slots
select slot
from delivery
where server_id = :server and learner_id = :learner and kind = :kind and series = :series and slot_at >= :since
    and state <> 'claimed';

-- name: drop_old_deliveries!
delete from delivery
where server_id = :server and learner_id = :learner and kind = :kind and series = :series and slot_at < :before
    and state <> 'claimed';

-- name: stuck_deliveries
-- Claimed deliveries whose last attempt failed, oldest first, for operators.
select kind, server_id, learner_id, course, slot_at, attempts, next_try_at, reason
from delivery
where state = 'claimed' and reason is not null
order by slot_at
limit :most;
