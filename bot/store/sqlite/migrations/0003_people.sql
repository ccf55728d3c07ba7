-- The clock that a learner lives by (an IANA name), and whether they were asked for it.
alter table learner add column zone text;

alter table learner add column zone_asked integer not null default 0 check (zone_asked in (0, 1));

-- One row for each day on which a learner ticked or reviewed something: the local date, the zone that was in force when
-- it began, and the instants of its first and last act.
create table study_day (
    learner_id integer not null,
    day text not null,
    first_at integer not null,
    last_at integer not null,
    zone text not null,
    primary key (learner_id, day)
) strict, without rowid;
