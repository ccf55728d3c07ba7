-- What a learner marked as known: one row per leaf of a course. removed_change is the change that removed the mark. Such a
-- row doesn't count. It is kept until the learner's next change, so that the removal can be undone.
create table known (
    learner_id integer not null,
    course text not null,
    route text not null,
    marked_at integer not null,
    change_id integer not null,
    reviewed integer not null default 0 check (reviewed in (0, 1)),
    removed_change integer,
    primary key (learner_id, course, route)
) strict, without rowid;

-- A learner's private note on a module. content is empty after it was deleted. previous is the content before the last
-- change, so that it can be undone.
create table note (
    learner_id integer not null,
    course text not null,
    route text not null,
    content text not null,
    previous text not null,
    change_id integer not null,
    primary key (learner_id, course, route)
) strict, without rowid;
