-- A learner's goal for a plan. The exam date is in table exam; the plan itself is computed when needed.
create table plan (
    learner_id integer not null,
    course text not null,
    minutes_a_week integer not null check (minutes_a_week > 0),
    -- Weekdays to study on, as a bit mask: 1 is Monday, 64 is Sunday.
    days integer not null check (days between 1 and 127),
    start_on text not null,
    -- Minutes that were left of the course when the plan was set.
    baseline_minutes integer not null,
    primary key (learner_id, course)
) strict, without rowid;

-- Periods without study (first and last day) in the plans of all courses. They don't overlap or touch.
create table away (
    learner_id integer not null,
    first_on text not null,
    last_on text not null,
    primary key (learner_id, first_on)
) strict, without rowid;
