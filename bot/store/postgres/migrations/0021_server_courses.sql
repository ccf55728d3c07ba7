-- Texts of course files and question files by their hash, so that copies of a course share them.
create table course_text (
    hash text collate "C" not null primary key,
    text text collate "C" not null
);

-- Courses that belong to a server. Their IDs begin with a character that the operator's don't have. version is the
-- current one. changed grows with every change of any course, so that other processes can ask for what is new. A course
-- that was removed keeps its row until its learners' ticks are gone. origin is the course that it was copied from.
create table server_course (
    course text collate "C" not null primary key,
    server_id bigint not null,
    code text collate "C" not null,
    title text collate "C" not null,
    version bigint not null,
    changed bigint not null,
    created_at bigint not null,
    removed_at bigint,
    share_code text collate "C",
    origin text collate "C",
    origin_version bigint
);

create index server_course_by_server on server_course (server_id);
create index server_course_by_change on server_course (changed);
create index server_course_by_removal on server_course (removed_at);
create unique index server_course_by_share_code on server_course (share_code);

-- The versions of these courses. mapping has the full IDs that changed from the version before, carried those of all
-- earlier versions with their current ones, both as JSON. published_by is null after that person's data was deleted.
create table server_course_version (
    course text collate "C" not null,
    number bigint not null,
    course_hash text collate "C" not null,
    bank_hash text collate "C" not null,
    mapping text collate "C" not null,
    carried text collate "C" not null,
    summary text collate "C" not null,
    published_at bigint not null,
    published_by bigint,
    primary key (course, number)
);

create index server_course_version_by_person on server_course_version (published_by);

-- The titles of parts that are no longer in a course, so that learners can still read what they completed.
create table server_course_title (
    course text collate "C" not null,
    route text collate "C" not null,
    title text collate "C" not null,
    primary key (course, route)
);

-- Uploads within the last hour.
create table server_course_upload (
    server_id bigint not null,
    number bigint not null,
    uploaded_at bigint not null,
    primary key (server_id, number)
);

-- Whether anyone has ticks in a server's course.
create index tick_by_server_course on tick (course) where course >= '~';
