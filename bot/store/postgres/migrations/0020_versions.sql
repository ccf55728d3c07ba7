-- The full ID of the part when it was completed, if a later version of the course has renamed, moved, merged or split it.
alter table tick add column former text collate "C";
