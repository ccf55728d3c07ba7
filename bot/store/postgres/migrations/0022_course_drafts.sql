-- Uploaded files that a manager is about to publish. Deleted when they are published, and after a day. course and version
-- are those that they replace; null for a new course. rejected has the keys of proposals that the manager rejected.
create table course_draft (
    server_id bigint not null,
    number bigint not null,
    drafted_by bigint not null,
    course text collate "C",
    version bigint,
    origin text collate "C",
    origin_version bigint,
    course_text text collate "C" not null,
    bank_text text collate "C" not null,
    rejected text collate "C" not null,
    created_at bigint not null,
    primary key (server_id, number)
);

create index course_draft_by_manager on course_draft (drafted_by);

-- Learners who are told at their next command that their course was changed.
create table course_news (
    learner_id bigint not null,
    course text collate "C" not null,
    version bigint not null,
    primary key (learner_id, course)
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
union all select learner_id from fsrs_setting
union all select learner_id from outcome
union all select learner_id from outcome_domain
union all select learner_id from outcome_share
union all select learner_id from plan_focus
union all select learner_id from question_report
union all select learner_id from counted_answer
union all select learner_id from known
union all select learner_id from note
union all select published_by from server_course_version where published_by is not null
union all select drafted_by from course_draft
union all select learner_id from course_news;
