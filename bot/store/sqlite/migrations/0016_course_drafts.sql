-- Uploaded files that a manager is about to publish. Deleted when they are published, and after a day. course and version
-- are those that they replace; null for a new course. rejected has the keys of proposals that the manager rejected.
create table course_draft (
    server_id integer not null,
    number integer not null,
    manager_id integer not null,
    course text,
    version integer,
    origin text,
    origin_version integer,
    course_text text not null,
    bank_text text not null,
    rejected text not null,
    created_at integer not null,
    primary key (server_id, number)
) strict, without rowid;

create index course_draft_by_manager on course_draft (manager_id);

-- Learners who are told at their next command that their course was changed.
create table course_news (
    learner_id integer not null,
    course text not null,
    version integer not null,
    primary key (learner_id, course)
) strict, without rowid;
