-- The course that a learner chose for direct messages, and whether their completed paths are announced.
alter table learner add column course text;
alter table learner add column announces integer not null default 0 check (announces in (0, 1));

-- The end of the last week whose digest named this member first, so that others take turns.
alter table member add column highlighted_at integer;

-- A public message about a completed path, so that undoing the path can delete it. message_id is 0 from before the
-- message is posted until its ID is known. The route is empty for a list that a learner shared.
create table announcement (
    learner_id integer not null,
    course text not null,
    route text not null,
    server_id integer not null,
    channel_id integer not null,
    message_id integer not null,
    posted_at integer not null,
    primary key (learner_id, course, route, server_id, message_id)
) strict, without rowid;

create index announcement_by_server on announcement (server_id);

-- When the welcome message was sent to a server, or found to be unnecessary. Set before it is sent.
alter table server add column welcomed_at integer;
-- A role whose members may change Waymark's settings without Manage Server.
alter table server add column manager_role integer;
-- Whether members may announce completed paths.
alter table server add column announcements integer not null default 1 check (announcements in (0, 1));
-- The latest study panel: its channel and message.
alter table server add column panel_channel integer;
alter table server add column panel_message integer;

-- Servers that used Waymark before don't need the welcome message. Neither do those that added it before and stored
-- nothing: if anything is stored, only servers that add the bot from now on get it.
update server set welcomed_at = 0;
insert into setting (name, value)
select 'welcome_since', cast(unixepoch() as text)
where exists (select 1 from server) or exists (select 1 from stored_learner);

-- The items of the set-up checklist that a manager skipped or marked as fine.
create table setup_item (
    server_id integer not null,
    item text not null,
    state text not null check (state in ('skipped', 'fine')),
    primary key (server_id, item)
) strict, without rowid;

-- When study sessions begin in the learner's calendar file, in minutes after midnight.
alter table plan add column session_minute integer check (session_minute between 0 and 1439);

-- Questions that a learner flagged for review in a mock exam.
alter table mock_answer add column flagged integer not null default 0 check (flagged in (0, 1));

drop view stored_learner;

create view stored_learner as
select learner_id from learner
union all select learner_id from member
union all select learner_id from tick
union all select learner_id from milestone
union all select learner_id from announcement
union all select learner_id from study_day
union all select learner_id from exam
union all select learner_id from plan
union all select learner_id from away
union all select learner_id from reminder
union all select learner_id from card
union all select learner_id from review
union all select learner_id from reviewing
union all select learner_id from mock
union all select learner_id from mock_answer;
