-- The score of a finished mock exam in hundredths of a point, with partial credit; null for one that ended before
-- partial credit was given, where each correct answer is one point.
alter table mock add column points bigint;
