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
