-- What a learner marked as known: one row per leaf of a course. removed_change is the change that removed the mark. Such a
-- row doesn't count. It is kept until the learner's next change, so that the removal can be undone.
create table known (
    learner_id bigint not null,
    course text collate "C" not null,
    route text collate "C" not null,
    marked_at bigint not null,
    change_id bigint not null,
    reviewed bigint not null default 0 check (reviewed in (0, 1)),
    removed_change bigint,
    primary key (learner_id, course, route)
);

-- A learner's private note on a module. content is empty after it was deleted. previous is the content before the last
-- change, so that it can be undone.
create table note (
    learner_id bigint not null,
    course text collate "C" not null,
    route text collate "C" not null,
    content text collate "C" not null,
    previous text collate "C" not null,
    change_id bigint not null,
    primary key (learner_id, course, route)
);
