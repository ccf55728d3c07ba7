-- Times are seconds since 1970 (UTC); ids of people and servers are Discord's.

create table learner (
    learner_id integer primary key,
    hidden integer not null default 0 check (hidden in (0, 1))
) strict;

create table server (
    server_id integer primary key,
    course text,
    removed_at integer
) strict;

-- Who belongs to the cohort of a course in a server. Who left stays known as such, so that a tick does not join again.
create table member (
    server_id integer not null,
    course text not null,
    learner_id integer not null,
    joined_at integer not null,
    left_at integer,
    primary key (server_id, course, learner_id)
) strict, without rowid;

create index member_by_learner on member (learner_id);

-- One row for each leaf of a course that is ticked. Rows of one change share its id: undo takes back just those.
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

-- The first time that a learner had all of a path; stays when ticks are taken back.
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
