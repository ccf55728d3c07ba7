-- How a learner's questions are scheduled: the recall, in percent, at which a question is due, and FSRS's parameters
-- (a JSON array; null for the defaults) with the time and the number of the reviews that they were computed from.
-- The array is one value: it is always read and replaced as a whole.
create table fsrs_setting (
    learner_id bigint not null primary key,
    retention bigint not null check (retention between 80 and 95),
    parameters text collate "C",
    fitted_at bigint,
    fitted_from bigint
);
