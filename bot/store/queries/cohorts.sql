-- name: cohorts
select course, channel_id, day, minute, zone, state, due_at, reason, seen, told, set_by, thread
from cohort
where server_id = :server
order by course;

-- name: set_cohort!
insert into cohort (server_id, course, channel_id, thread, day, minute, zone, state, due_at, set_by)
values (:server, :course, :channel, :thread, :day, :minute, :zone, :state, :due_at, :set_by)
on conflict (server_id, course) do update
set channel_id = excluded.channel_id,
    thread = excluded.thread,
    day = excluded.day,
    minute = excluded.minute,
    zone = excluded.zone,
    state = excluded.state,
    due_at = excluded.due_at,
    reason = null,
    seen = null,
    told = 0,
    set_by = excluded.set_by;

-- name: switch_cohort
update cohort
set state = :state, due_at = coalesce(:due_at, due_at), reason = null, seen = null
where server_id = :server and course = :course
returning state;

-- name: suspend_cohort
-- Only if it is still on, in the channel that Discord rejected.
update cohort
set state = 'suspended', reason = :reason, seen = :seen, told = 0
where server_id = :server and course = :course and state = 'on' and channel_id = :channel
returning state;

-- name: resume_cohort
update cohort
set state = 'on', reason = null, seen = null
where server_id = :server and course = :course and state = 'suspended' and channel_id = :channel
returning state;

-- name: told!
update cohort
set told = 1
where server_id = :server and course = :course;

-- name: due_cohorts
-- Cohorts whose digest is due, unless an attempt holds the claim or waits. Servers that removed the bot are left out.
select cohort.server_id, cohort.course, cohort.channel_id, cohort.day, cohort.minute, cohort.zone, cohort.state,
    cohort.due_at, cohort.reason, cohort.seen, cohort.told, cohort.set_by, cohort.thread
from cohort
left join server on server.server_id = cohort.server_id
where cohort.state = 'on' and cohort.due_at <= :now and server.removed_at is null
    and not exists (
        select 1 from delivery
        where delivery.server_id = cohort.server_id and delivery.learner_id = 0 and delivery.kind = 'digest'
            and delivery.series = cohort.course
            and delivery.state = 'claimed' and (delivery.lease_until > :now or delivery.next_try_at > :now)
    )
order by cohort.due_at
limit :most;

-- name: suspended_cohorts
select cohort.server_id, cohort.course, cohort.channel_id, cohort.day, cohort.minute, cohort.zone, cohort.state,
    cohort.due_at, cohort.reason, cohort.seen, cohort.told, cohort.set_by, cohort.thread
from cohort
left join server on server.server_id = cohort.server_id
where cohort.state = 'suspended' and server.removed_at is null;

-- name: failing_cohorts
-- Cohorts that are on, whose digest keeps failing, and whose manager hasn't been told.
select cohort.server_id, cohort.course, cohort.channel_id, cohort.day, cohort.minute, cohort.zone, cohort.state,
    cohort.due_at, cohort.reason, cohort.seen, cohort.told, cohort.set_by, cohort.thread, delivery.reason
from delivery
join cohort on cohort.server_id = delivery.server_id and cohort.course = delivery.series
where delivery.kind = 'digest' and delivery.state = 'claimed' and delivery.attempts >= :attempts
    and delivery.reason is not null and cohort.state = 'on' and cohort.told = 0;

-- name: cohort_now
select channel_id, day, minute, zone, state
from cohort
where server_id = :server and course = :course;

-- name: set_due!
update cohort
set due_at = :due_at, told = 0
where server_id = :server and course = :course;
