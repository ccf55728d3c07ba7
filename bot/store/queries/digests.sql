-- name: learners_of_cohort
-- The visible members, with a shared exam date and whether ``today`` is one of their days off.
select member.learner_id, member.joined_at, member.gone_at is not null, coalesce(member.highlighted_at, 0),
    (
        select exam.exam_on
        from exam
        where exam.learner_id = member.learner_id and exam.course = :course and exam.shared = 1
    ),
    exists (
        select 1 from away
        where away.learner_id = member.learner_id and away.first_on <= :today and away.last_on >= :today
    ),
    learner.zone
from member
left join learner on learner.learner_id = member.learner_id
where member.server_id = :server and member.course = :course
    and member.left_at is null
    and coalesce(learner.hidden, 0) = 0;

-- name: ticks_of_cohort
-- The routes of each member, joined by spaces, by the week for which they count; and when the last one before the week
-- was recorded. As rows, those of this week alone would take as long as all of them do here.
select member.learner_id,
    group_concat(tick.route, ' ') filter (
        where tick.made_at < :before or (tick.made_at < :since and tick.done_at < :before - :backdated)
    ),
    group_concat(tick.route, ' ') filter (
        where tick.made_at >= :before and tick.made_at < :since and tick.done_at >= :before - :backdated
    ),
    group_concat(tick.route, ' ') filter (where tick.made_at >= :since and tick.done_at >= :since - :backdated),
    group_concat(tick.route, ' ') filter (where tick.made_at >= :since and tick.done_at < :since - :backdated),
    max(tick.made_at) filter (where tick.made_at < :since)
from member
join tick on tick.learner_id = member.learner_id and tick.course = :course and tick.made_at < :until
where member.server_id = :server and member.course = :course and member.left_at is null
group by member.learner_id;

-- name: study_days_of_cohort
-- The number of study days since :far, and of those in the week, of members who studied since :near.
select member.learner_id, count(*), count(*) filter (where study_day.day >= :first_on and study_day.day <= :last_on)
from member
join study_day on study_day.learner_id = member.learner_id and study_day.day >= :far and study_day.first_at < :until
where member.server_id = :server and member.course = :course and member.left_at is null
group by member.learner_id
having max(study_day.day) >= :near;

-- name: study_days_of_learners
select study_day.learner_id, study_day.day, study_day.first_at, study_day.last_at, study_day.zone
from json_each(:learners)
join study_day on study_day.learner_id = cast(value as bigint) and study_day.day >= :far
    and study_day.first_at < :until
order by study_day.learner_id, study_day.day;

-- name: reviews_of_cohort
-- The number of reviews in the week, and of the visible members who made them.
select count(*), count(distinct review.learner_id)
from member
left join learner on learner.learner_id = member.learner_id
join review on review.learner_id = member.learner_id and review.course = :course
    and review.number >= :since * 1000000 and review.number < :until * 1000000
where member.server_id = :server and member.course = :course
    and member.left_at is null
    and member.gone_at is null
    and coalesce(learner.hidden, 0) = 0;

-- name: mark_gone
update member
set gone_at = case when learner_id in (select cast(value as bigint) from json_each(:gone)) then coalesce(gone_at, :now) end
where server_id = :server and course = :course
    and (
        (gone_at is null and learner_id in (select cast(value as bigint) from json_each(:gone)))
        or (gone_at is not null and learner_id in (select cast(value as bigint) from json_each(:back)))
    )
returning learner_id;

-- name: set_highlighted
update member
set highlighted_at = :until
where server_id = :server and course = :course and learner_id = :learner
returning highlighted_at;
