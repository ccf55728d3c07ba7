-- How many of the first answers were timed, and the sum of their times in milliseconds.
alter table item_statistics add column timed bigint not null default 0;
alter table item_statistics add column time_sum bigint not null default 0;
