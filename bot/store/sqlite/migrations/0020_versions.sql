-- The full ID of the part when it was completed, if a later version of the course has renamed, moved, merged or split it.
alter table tick add column former text;

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
