-- Uploaded files that a manager is about to publish. Deleted when they are published, and after a day. course and version
-- are those that they replace; null for a new course. rejected has the keys of proposals that the manager rejected.
create table course_draft (
    server_id bigint not null,
    number bigint not null,
    manager_id bigint not null,
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

create index course_draft_by_manager on course_draft (manager_id);

-- Learners who are told at their next command that their course was changed.
create table course_news (
    learner_id bigint not null,
    course text collate "C" not null,
    version bigint not null,
    primary key (learner_id, course)
);
