-- How a learner's questions are scheduled: the recall, in percent, at which a question is due, and FSRS's parameters
-- (a JSON array; null for the defaults) with the time and the number of the reviews that they were computed from.
-- The array is one value: it is always read and replaced as a whole.
create table fsrs_setting (
    learner_id bigint not null primary key,
    retention bigint not null check (retention between 80 and 95),
    parameters text collate "C",
    fitted_at bigint,
    fitted_from bigint
);

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
union all select learner_id from fsrs_setting;
