-- What a learner marked as known: one row per leaf of a course. removed_change is the change that removed the mark. Such a
-- row doesn't count. It is kept until the learner's next change, so that the removal can be undone.
create table known (
    learner_id integer not null,
    course text not null,
    route text not null,
    marked_at integer not null,
    change_id integer not null,
    reviewed integer not null default 0 check (reviewed in (0, 1)),
    removed_change integer,
    primary key (learner_id, course, route)
) strict, without rowid;

-- A learner's private note on a module. content is empty after it was deleted. previous is the content before the last
-- change, so that it can be undone.
create table note (
    learner_id integer not null,
    course text not null,
    route text not null,
    content text not null,
    previous text not null,
    change_id integer not null,
    primary key (learner_id, course, route)
) strict, without rowid;

drop view stored_learner;

create view stored_learner as
select learner_id from learner
union all select learner_id from member
union all select learner_id from tick
union all select learner_id from milestone
union all select learner_id from announcement
union all select learner_id from study_day
union all select learner_id from exam
union all select learner_id from plan
union all select learner_id from away
union all select learner_id from reminder
union all select learner_id from card
union all select learner_id from review
union all select learner_id from reviewing
union all select learner_id from mistake
union all select learner_id from mock
union all select learner_id from mock_answer
union all select learner_id from daily_answer
union all select learner_id from fsrs_setting
union all select learner_id from outcome
union all select learner_id from outcome_domain
union all select learner_id from outcome_share
union all select learner_id from plan_focus
union all select learner_id from question_report
union all select learner_id from counted_answer
union all select learner_id from known
union all select learner_id from note;
