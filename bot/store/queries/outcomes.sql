-- name: exams_to_ask
-- Learners who can get a direct message about an exam on :today or earlier, unless an attempt holds the claim or waits.
select exam.learner_id, exam.course, exam.exam_on, learner.zone
from exam
left join learner on learner.learner_id = exam.learner_id
where exam.asked_at is null and exam.exam_on <= :today and exam.by_command = 0
    and exists (
        select 1 from reminder where reminder.learner_id = exam.learner_id and reminder.state <> 'suspended'
    )
    and not exists (
        select 1 from delivery
        where delivery.server_id = 0 and delivery.learner_id = exam.learner_id and delivery.kind = 'outcome'
            and delivery.series = exam.course
            and (
                (delivery.state = 'claimed' and (delivery.lease_until > :now or delivery.next_try_at > :now))
                or (delivery.state <> 'claimed' and delivery.slot = exam.exam_on)
            )
    )
order by exam.exam_on, exam.learner_id, exam.course
limit :most;

-- name: exam_to_ask
-- The exam that a learner hasn't been asked about, with the channel of their direct messages if they have reminders.
select exam.exam_on, learner.zone, exam.by_command,
    (
        select max(reminder.channel_id)
        from reminder
        where reminder.learner_id = exam.learner_id and reminder.state <> 'suspended'
    )
from exam
left join learner on learner.learner_id = exam.learner_id
where exam.learner_id = :learner and exam.course = :course and exam.asked_at is null;

-- name: exams_to_tell
-- Everyone who has to be asked at their next command, or reminded of a renewal.
select exam.learner_id, exam.exam_on, learner.zone
from exam
left join learner on learner.learner_id = exam.learner_id
where exam.asked_at is null and exam.exam_on <= :today
    and (
        exam.by_command = 1
        or not exists (
            select 1 from reminder where reminder.learner_id = exam.learner_id and reminder.state <> 'suspended'
        )
    );

-- name: exams_to_tell_of
select exam.course, exam.exam_on, learner.zone
from exam
left join learner on learner.learner_id = exam.learner_id
where exam.learner_id = :learner and exam.asked_at is null and exam.exam_on <= :today
    and (
        exam.by_command = 1
        or not exists (
            select 1 from reminder where reminder.learner_id = exam.learner_id and reminder.state <> 'suspended'
        )
    )
order by exam.exam_on, exam.course;

-- name: exam_asked
update exam
set asked_at = :now, by_command = 0
where learner_id = :learner and course = :course and exam_on = :exam_on and asked_at is null
returning course;

-- name: exam_by_command
update exam
set by_command = 1
where learner_id = :learner and course = :course and exam_on = :exam_on and asked_at is null
returning course;

-- name: renewals_due
select outcome.learner_id, outcome.course, outcome.exam_on, outcome.notice_on, outcome.valid_on, learner.zone
from outcome
left join learner on learner.learner_id = outcome.learner_id
where outcome.notice_on <= :today and outcome.by_command = 0
    and exists (
        select 1 from reminder where reminder.learner_id = outcome.learner_id and reminder.state <> 'suspended'
    )
    and not exists (
        select 1 from delivery
        where delivery.server_id = 0 and delivery.learner_id = outcome.learner_id and delivery.kind = 'renewal'
            and delivery.series = outcome.course
            and delivery.state = 'claimed' and (delivery.lease_until > :now or delivery.next_try_at > :now)
    )
order by outcome.notice_on, outcome.learner_id, outcome.course
limit :most;

-- name: renewal_of
select outcome.exam_on, outcome.notice_on, outcome.valid_on, learner.zone, outcome.by_command,
    (
        select max(reminder.channel_id)
        from reminder
        where reminder.learner_id = outcome.learner_id and reminder.state <> 'suspended'
    )
from outcome
left join learner on learner.learner_id = outcome.learner_id
where outcome.learner_id = :learner and outcome.course = :course and outcome.notice_on is not null;

-- name: renewals_to_tell
select outcome.learner_id, outcome.notice_on, learner.zone
from outcome
left join learner on learner.learner_id = outcome.learner_id
where outcome.notice_on <= :today
    and (
        outcome.by_command = 1
        or not exists (
            select 1 from reminder where reminder.learner_id = outcome.learner_id and reminder.state <> 'suspended'
        )
    );

-- name: renewals_to_tell_of
select outcome.course, outcome.exam_on, outcome.notice_on, outcome.valid_on, learner.zone
from outcome
left join learner on learner.learner_id = outcome.learner_id
where outcome.learner_id = :learner and outcome.notice_on <= :today
    and (
        outcome.by_command = 1
        or not exists (
            select 1 from reminder where reminder.learner_id = outcome.learner_id and reminder.state <> 'suspended'
        )
    )
order by outcome.course;

-- name: set_notice
-- Set the next notice. With several processes, only one of them moves it.
update outcome
set notice_on = :notice_on
where learner_id = :learner and course = :course and exam_on = :exam_on and notice_on = :expected_on
returning course;

-- name: renewal_by_command
update outcome
set by_command = 1
where learner_id = :learner and course = :course and exam_on = :exam_on
returning course;

-- name: clear_notices!
-- A newer pass replaces the notices of an older one.
update outcome
set notice_on = null
where learner_id = :learner and course = :course;

-- name: set_valid
update outcome
set valid_on = :valid_on, notice_on = :notice_on
where learner_id = :learner and course = :course and result = 'passed' and valid_on = :expected_on
returning course;

-- name: outcomes_of
-- The results of a learner in a course, oldest first.
select exam_on, result, answered_at, readiness, counted, upkeep, valid_on
from outcome
where learner_id = :learner and course = :course
order by exam_on;

-- name: ended_by_pass
-- The plan that ended when the learner passed.
select exam_shared, minutes_a_week, days, start_on, baseline_minutes, session_minute, reminder_state
from outcome
where learner_id = :learner and course = :course and exam_on = :exam_on and result = 'passed';

-- name: add_outcome
insert into outcome (
    learner_id, course, exam_on, result, answered_at, readiness, exam_shared, minutes_a_week, days, start_on,
    baseline_minutes, session_minute, reminder_state, valid_on, notice_on
)
values (
    :learner, :course, :exam_on, :result, :now, :readiness, :shared, :minutes_a_week, :days, :start_on,
    :baseline_minutes, :session_minute, :reminder_state, :valid_on, :notice_on
)
on conflict (learner_id, course, exam_on) do nothing
returning course;

-- name: drop_outcome
delete from outcome
where learner_id = :learner and course = :course and exam_on = :exam_on
returning result, readiness, counted;

-- name: outcome_domains
select domain, level
from outcome_domain
where learner_id = :learner and course = :course and exam_on = :exam_on
order by domain;

-- name: set_outcome_domain!
insert into outcome_domain (learner_id, course, exam_on, domain, level)
values (:learner, :course, :exam_on, :domain, :level)
on conflict (learner_id, course, exam_on, domain) do update set level = excluded.level;

-- name: drop_outcome_domains!
delete from outcome_domain
where learner_id = :learner and course = :course and exam_on = :exam_on;

-- name: set_upkeep
update outcome
set upkeep = :upkeep
where learner_id = :learner and course = :course and exam_on = :exam_on and result = 'passed'
returning course;

-- name: upkeep_of
-- What a learner who passed, and plans no other exam, chose for reviews.
select outcome.upkeep
from outcome
where outcome.learner_id = :learner and outcome.course = :course and outcome.result = 'passed'
    and not exists (
        select 1 from exam where exam.learner_id = outcome.learner_id and exam.course = outcome.course
    )
order by outcome.exam_on desc
limit 1;

-- name: set_counted
update outcome
set counted = :counted
where learner_id = :learner and course = :course and exam_on = :exam_on and counted <> :counted
returning result, readiness;

-- name: count_outcome!
insert into outcome_count (course, bucket, passed, failed)
values (:course, :bucket, :passed, :failed)
on conflict (course, bucket) do update
set passed = outcome_count.passed + excluded.passed, failed = outcome_count.failed + excluded.failed;

-- name: outcome_counts
select passed, failed
from outcome_count
where course = :course and bucket = :bucket;

-- name: share_outcome
insert into outcome_share (learner_id, course, server_id, exam_on, shared_at)
values (:learner, :course, :server, :exam_on, :now)
on conflict (learner_id, course, server_id) do nothing
returning exam_on;

-- name: unshare_outcome
delete from outcome_share
where learner_id = :learner and course = :course and server_id = :server
returning exam_on;

-- name: unshare_outcomes
delete from outcome_share
where learner_id = :learner and course = :course
returning server_id;

-- name: shares_of
select server_id
from outcome_share
where learner_id = :learner and course = :course
order by server_id;

-- name: announcements_of_pass
select server_id, channel_id, message_id, posted_at
from announcement
where learner_id = :learner and course = :course and route = :route;

-- name: passes_of_cohort
-- The visible members who shared that they passed, latest first.
select outcome_share.learner_id, outcome_share.exam_on, outcome_share.shared_at
from outcome_share
join member on member.server_id = outcome_share.server_id and member.course = outcome_share.course
    and member.learner_id = outcome_share.learner_id
left join learner on learner.learner_id = outcome_share.learner_id
where outcome_share.server_id = :server and outcome_share.course = :course
    and member.left_at is null
    and member.gone_at is null
    and coalesce(learner.hidden, 0) = 0
order by outcome_share.shared_at desc, outcome_share.learner_id;

-- name: purge_outcome_share!
delete from outcome_share where server_id = :server;

-- name: clear_focus!
delete from plan_focus
where learner_id = :learner and course = :course;

-- name: add_focus!
insert into plan_focus (learner_id, course, domain)
values (:learner, :course, :domain)
on conflict (learner_id, course, domain) do nothing;

-- name: focus_of
select domain
from plan_focus
where learner_id = :learner and course = :course
order by domain;

-- name: export_outcome
select course, exam_on, result, answered_at, readiness, counted, exam_shared, minutes_a_week, days, start_on, baseline_minutes, session_minute, reminder_state, upkeep, valid_on, notice_on, by_command
from outcome
where learner_id = :learner
order by course, exam_on;

-- name: export_outcome_domain
select course, exam_on, domain, level
from outcome_domain
where learner_id = :learner
order by course, exam_on, domain;

-- name: export_outcome_share
select course, server_id, exam_on, shared_at
from outcome_share
where learner_id = :learner
order by course, server_id;

-- name: export_plan_focus
select course, domain
from plan_focus
where learner_id = :learner
order by course, domain;

-- name: forget_outcome
delete from outcome where learner_id = :learner returning 1;

-- name: forget_outcome_domain
delete from outcome_domain where learner_id = :learner returning 1;

-- name: forget_outcome_share
delete from outcome_share where learner_id = :learner returning 1;

-- name: forget_plan_focus
delete from plan_focus where learner_id = :learner returning 1;
