-- Texts of course files and question files by their hash, so that copies of a course share them.
create table course_text (
    hash text not null primary key,
    text text not null
) strict;

-- Courses that belong to a server. Their IDs begin with a character that the operator's don't have. version is the
-- current one. changed grows with every change of any course, so that other processes can ask for what is new. A course
-- that was removed keeps its row until its learners' ticks are gone. origin is the course that it was copied from.
create table server_course (
    course text not null primary key,
    server_id integer not null,
    code text not null,
    title text not null,
    version integer not null,
    changed integer not null,
    created_at integer not null,
    removed_at integer,
    share_code text,
    origin text,
    origin_version integer
) strict, without rowid;

create index server_course_by_server on server_course (server_id);
create index server_course_by_change on server_course (changed);
create index server_course_by_removal on server_course (removed_at);
create unique index server_course_by_share_code on server_course (share_code);

-- The versions of these courses. mapping has the full IDs that changed from the version before, carried those of all
-- earlier versions with their current ones, both as JSON. published_by is null after that person's data was deleted.
create table server_course_version (
    course text not null,
    number integer not null,
    course_hash text not null,
    bank_hash text not null,
    mapping text not null,
    carried text not null,
    summary text not null,
    published_at integer not null,
    published_by integer,
    primary key (course, number)
) strict, without rowid;

create index server_course_version_by_person on server_course_version (published_by);

-- The titles of parts that are no longer in a course, so that learners can still read what they completed.
create table server_course_title (
    course text not null,
    route text not null,
    title text not null,
    primary key (course, route)
) strict, without rowid;

-- Uploads within the last hour.
create table server_course_upload (
    server_id integer not null,
    number integer not null,
    uploaded_at integer not null,
    primary key (server_id, number)
) strict, without rowid;

-- Whether anyone has ticks in a server's course.
create index tick_by_server_course on tick (course) where course >= '~';
