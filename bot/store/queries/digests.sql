-- name: learners_of_cohort
-- The visible members. Those who studied since :near also have the dates of their study days since :far.
select member.learner_id, member.joined_at, member.gone_at is not null,
    (
        select exam.exam_on
        from exam
        where exam.learner_id = member.learner_id and exam.course = :course and exam.shared = 1
    ),
    learner.zone,
    (
        select group_concat(study_day.day, ' ')
        from study_day
        where study_day.learner_id = member.learner_id and study_day.day >= :far and study_day.first_at < :until
            and exists (
                select 1 from study_day as latest where latest.learner_id = member.learner_id and latest.day >= :near
            )
    )
from member
left join learner on learner.learner_id = member.learner_id
where member.server_id = :server and member.course = :course
    and member.left_at is null
    and coalesce(learner.hidden, 0) = 0;

-- name: earlier_ticks_of_cohort
-- Routes that were completed before the week, joined by spaces. As rows they would take twice as long (24 instead of 13
-- ms of CPU for 500 members). A digest needs them only as a set.
select member.learner_id, group_concat(tick.route, ' '), max(tick.made_at)
from member
join tick on tick.learner_id = member.learner_id and tick.course = :course and tick.made_at < :since
where member.server_id = :server and member.course = :course and member.left_at is null
group by member.learner_id;

-- name: ticks_of_cohort
select member.learner_id, tick.route, tick.done_at, tick.made_at
from member
join tick on tick.learner_id = member.learner_id and tick.course = :course
    and tick.made_at >= :since and tick.made_at < :until
where member.server_id = :server and member.course = :course and member.left_at is null;

-- name: plans_of_cohort
select member.learner_id, exam.exam_on, plan.minutes_a_week, plan.days, plan.start_on, plan.baseline_minutes, learner.zone
from member
join plan on plan.learner_id = member.learner_id and plan.course = :course
join exam on exam.learner_id = member.learner_id and exam.course = :course
left join learner on learner.learner_id = member.learner_id
where member.server_id = :server and member.course = :course and member.left_at is null;

-- name: away_of_cohort
select member.learner_id, away.first_on, away.last_on
from member
join away on away.learner_id = member.learner_id
where member.server_id = :server and member.course = :course and member.left_at is null;

-- name: study_days_in_other_zones_of_cohort
-- All study days since :far of members with a study day in another zone than their current one.
select member.learner_id, study_day.day, study_day.first_at, study_day.last_at, study_day.zone
from member
left join learner on learner.learner_id = member.learner_id
join study_day on study_day.learner_id = member.learner_id and study_day.day >= :far and study_day.first_at < :until
where member.server_id = :server and member.course = :course and member.left_at is null
    and exists (
        select 1 from study_day as other
        where other.learner_id = member.learner_id and other.day >= :far
            and other.zone <> coalesce(learner.zone, 'UTC')
    )
order by member.learner_id, study_day.day;

-- name: cards_of_cohort
-- One row per member with cards: the number due of the existing questions, and the reviews of the week.
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
set gone_at = case when learner_id in (select cast(value as bigint) from json_each(:gone)) then coalesce(gone_at, :now) end
where server_id = :server and course = :course
    and (
        (gone_at is null and learner_id in (select cast(value as bigint) from json_each(:gone)))
        or (gone_at is not null and learner_id in (select cast(value as bigint) from json_each(:back)))
    )
returning learner_id;
