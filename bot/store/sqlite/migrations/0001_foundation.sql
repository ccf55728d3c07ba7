-- Times are seconds since 1970 (UTC). IDs of people and servers are Discord's.

create table learner (
    learner_id integer primary key,
    hidden integer not null default 0 check (hidden in (0, 1))
) strict;

create table server (
    server_id integer primary key,
    course text,
    removed_at integer
) strict;

-- Members of the cohort of a course in a server. Members who left keep their row, so that a tick doesn't join again.
create table member (
    server_id integer not null,
    course text not null,
    learner_id integer not null,
    joined_at integer not null,
    left_at integer,
    primary key (server_id, course, learner_id)
) strict, without rowid;

create index member_by_learner on member (learner_id);

-- One row per completed leaf of a course. Rows of one change share its ID, so that undo removes only those.
create table tick (
    learner_id integer not null,
    course text not null,
    route text not null,
    done_at integer not null,
    made_at integer not null,
    server_id integer,
    change_id integer not null,
    primary key (learner_id, course, route)
) strict, without rowid;

-- The first time that a learner completed a path. Stays when ticks are undone.
create table milestone (
    learner_id integer not null,
    course text not null,
    route text not null,
    reached_at integer not null,
    server_id integer,
    primary key (learner_id, course, route)
) strict, without rowid;

create table setting (
    name text primary key,
    value text not null
) strict, without rowid;
