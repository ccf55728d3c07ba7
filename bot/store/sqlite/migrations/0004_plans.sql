-- What a learner wishes of their plan. The date of the exam is in table exam; the plan itself is worked out when asked.
create table plan (
    learner_id integer not null,
    course text not null,
    minutes_a_week integer not null check (minutes_a_week > 0),
    -- The weekdays to study on, as bits: 1 is Monday, 64 is Sunday.
    days integer not null check (days between 1 and 127),
    start_on text not null,
    -- What was left of the course when the plan was set.
    baseline_minutes integer not null,
    primary key (learner_id, course)
) strict, without rowid;

-- Days without study, first and last, for the plans of all courses; apart from each other.
create table away (
    learner_id integer not null,
    first_on text not null,
    last_on text not null,
    primary key (learner_id, first_on)
) strict, without rowid;
