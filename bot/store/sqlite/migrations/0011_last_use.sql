-- When a learner last used the bot. Only kept while the operator limits how long unused data is kept.
create table last_use (
    learner_id integer primary key,
    -- The last day (UTC) with a command, button or form.
    used_on text not null,
    -- When the learner was told that their data will be deleted, or when telling them turned out to be impossible.
    warned_at integer
) strict;

create index last_use_by_day on last_use (used_on);

-- Everyone about whom something is stored; the same person can come several times.
create view stored_learner as
select learner_id from learner
union all select learner_id from member
union all select learner_id from tick
union all select learner_id from milestone
union all select learner_id from study_day
union all select learner_id from exam
union all select learner_id from plan
union all select learner_id from away
union all select learner_id from reminder
union all select learner_id from card
union all select learner_id from review
union all select learner_id from reviewing
union all select learner_id from mock
union all select learner_id from mock_answer;
