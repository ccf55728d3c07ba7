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

-- name: set_server_course!
insert into server (server_id, course)
values (:server, :course)
on conflict (server_id) do update set course = excluded.course, removed_at = null;

-- name: switch_cohort
update cohort
set state = :state, due_at = coalesce(:due_at, due_at), reason = null, seen = null
where server_id = :server and course = :course
returning state;

-- name: suspend_cohort
-- Only what is still on, and still in the channel that was refused.
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
-- What is due, but for what another attempt holds or waits with. Servers that removed the bot are left out.
select cohort.server_id, cohort.course, cohort.channel_id, cohort.day, cohort.minute, cohort.zone, cohort.state,
    cohort.due_at, cohort.reason, cohort.seen, cohort.told, cohort.set_by, cohort.thread
from cohort
left join server on server.server_id = cohort.server_id
where cohort.state = 'on' and cohort.due_at <= :now and server.removed_at is null
    and not exists (
        select 1 from digest
        where digest.server_id = cohort.server_id and digest.course = cohort.course
            and digest.state = 'claimed' and (digest.lease_until > :now or digest.next_try_at > :now)
    )
order by cohort.due_at
limit :most;

-- name: suspended_cohorts
select cohort.server_id, cohort.course, cohort.channel_id, cohort.day, cohort.minute, cohort.zone, cohort.state,
    cohort.due_at, cohort.reason, cohort.seen, cohort.told, cohort.set_by, cohort.thread
from cohort indexed by cohort_suspended
left join server on server.server_id = cohort.server_id
where cohort.state = 'suspended' and server.removed_at is null;

-- name: unfinished_digest
-- The oldest digest that was claimed and has not ended: its message may or may not be there.
select week, slot_at, tried_at, channel_id
from digest
where server_id = :server and course = :course and state = 'claimed'
order by slot_at
limit 1;

-- name: digest_row
select state, lease_until, attempts, tried_at, next_try_at, channel_id
from digest
where server_id = :server and course = :course and week = :week;

-- name: claim_digest!
insert into digest (server_id, course, week, slot_at, state, owner, lease_until, attempts)
values (:server, :course, :week, :slot_at, 'claimed', :owner, :lease_until, 1)
on conflict (server_id, course, week) do update
set owner = excluded.owner,
    lease_until = excluded.lease_until,
    attempts = digest.attempts + 1,
    next_try_at = null;

-- name: begin_sending
-- Only the owner of a live claim may send; a row says that the claim still stands.
update digest
set tried_at = :now, lease_until = :lease_until, channel_id = :channel
where server_id = :server and course = :course and week = :week and state = 'claimed' and owner = :owner
returning attempts;

-- name: retry_digest!
update digest
set owner = null, lease_until = null, next_try_at = :next_try_at, reason = :reason
where server_id = :server and course = :course and week = :week and state = 'claimed' and owner = :owner;

-- name: digest_posted!
update digest
set state = 'posted', owner = null, lease_until = null, message_id = :message, posted_at = :now, reason = :reason
where server_id = :server and course = :course and week = :week and state = 'claimed';

-- name: digest_skipped!
insert into digest (server_id, course, week, slot_at, state, reason)
values (:server, :course, :week, :slot_at, 'skipped', :reason)
on conflict (server_id, course, week) do update
set state = 'skipped', owner = null, lease_until = null, reason = excluded.reason
where digest.state = 'claimed';

-- name: cohort_now
select channel_id, day, minute, zone, state
from cohort
where server_id = :server and course = :course;

-- name: set_due!
update cohort
set due_at = :due_at
where server_id = :server and course = :course;

-- name: last_digest
select week, slot_at, state, channel_id, message_id, posted_at, reason
from digest
where server_id = :server and course = :course and state <> 'claimed'
order by slot_at desc
limit 1;

-- name: weeks_of_digests
select week, state
from digest
where server_id = :server and course = :course and slot_at >= :since;

-- name: learners_of_cohort
-- All that a digest tells: one row a visible learner. Their ticks come packed, as texts of words: the routes recorded
-- before the week, then route, done and made of those within it. So does their plan: the exam, the wish, the zone, and
-- the days of all times away. Last come their zone and their latest study days: the dates, with first and last instant
-- and zone where not all are of the present one.
select member.learner_id, member.joined_at, coalesce(member.away_until, 0) > :now, member.gone_at is not null,
    (
        select exam.exam_on
        from exam
        where exam.learner_id = member.learner_id and exam.course = :course and exam.shared = 1
    ),
    group_concat(tick.route, ' ') filter (where tick.made_at < :since),
    max(tick.made_at) filter (where tick.made_at < :since),
    group_concat(tick.route || ' ' || tick.done_at || ' ' || tick.made_at, ' ')
        filter (where tick.made_at >= :since and tick.made_at < :until),
    (
        select exam.exam_on || ' ' || plan.minutes_a_week || ' ' || plan.days || ' ' || plan.start_on || ' '
            || plan.baseline_minutes || ' '
            || coalesce((select zone from learner where learner.learner_id = plan.learner_id), 'UTC')
            || coalesce(
                (
                    select group_concat(' ' || away.first_on || ' ' || away.last_on, '')
                    from away
                    where away.learner_id = plan.learner_id
                ),
                ''
            )
        from plan
        join exam on exam.learner_id = plan.learner_id and exam.course = plan.course
        where plan.learner_id = member.learner_id and plan.course = :course
    ),
    learner.zone,
    case
        when not exists (
            select 1 from study_day where study_day.learner_id = member.learner_id and study_day.day >= :near
        )
        then null
        when not exists (
            select 1 from study_day
            where study_day.learner_id = member.learner_id and study_day.day >= :far
                and study_day.zone <> coalesce(learner.zone, 'UTC')
        )
        then (
            select group_concat(study_day.day, ' ')
            from study_day
            where study_day.learner_id = member.learner_id and study_day.day >= :far and study_day.first_at < :until
        )
        else (
            select group_concat(
                study_day.day || ',' || study_day.first_at || ',' || study_day.last_at || ',' || study_day.zone, ' '
            )
            from study_day
            where study_day.learner_id = member.learner_id and study_day.day >= :far and study_day.first_at < :until
        )
    end
from member
left join learner on learner.learner_id = member.learner_id
left join tick on tick.learner_id = member.learner_id and tick.course = :course
where member.server_id = :server and member.course = :course
    and member.left_at is null
    and coalesce(learner.hidden, 0) = 0
group by member.learner_id, learner.zone;

-- name: cards_of_cohort
-- One row for each member with cards: how many are due of the questions that there are, and the reviews of the week.
select member.learner_id,
    (
        select count(*)
        from card
        where card.learner_id = member.learner_id and card.course = :course and card.due_at < :until
            and card.question in (select value from json_each(:questions))
    ),
    (
        select count(*)
        from review
        where review.learner_id = member.learner_id and review.course = :course
            and review.number >= :since * 1000000 and review.number < :until * 1000000
    )
from member
where member.server_id = :server and member.course = :course and member.left_at is null
    and exists (select 1 from card where card.learner_id = member.learner_id and card.course = :course);

-- name: mark_gone
update member
set gone_at = case when learner_id in (select value from json_each(:gone)) then coalesce(gone_at, :now) end
where server_id = :server and course = :course
    and (
        (gone_at is null and learner_id in (select value from json_each(:gone)))
        or (gone_at is not null and learner_id in (select value from json_each(:back)))
    )
returning learner_id;

-- name: set_away
update member
set away_until = :away_until
where server_id = :server and course = :course and learner_id = :learner and left_at is null
returning away_until;

-- name: removed_servers
select server_id
from server
where removed_at is not null;

-- name: server_removed!
insert into server (server_id, removed_at)
values (:server, :now)
on conflict (server_id) do update set removed_at = coalesce(server.removed_at, excluded.removed_at);

-- name: server_back!
update server
set removed_at = null
where server_id = :server and removed_at is not null;

-- name: known_servers
-- Every server that has anything stored and is not marked as removed.
select server_id
from server
where removed_at is null;

-- name: servers_to_purge
select server_id
from server
where removed_at <= :before;

-- name: purge_cohort!
delete from cohort where server_id = :server;

-- name: purge_digest!
delete from digest where server_id = :server;

-- name: purge_member!
delete from member where server_id = :server;

-- name: purge_server!
delete from server where server_id = :server;
