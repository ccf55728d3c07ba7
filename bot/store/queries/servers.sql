-- name: servers
select server_id, course
from server
where course is not null;

-- name: know_server!
insert into server (server_id)
values (:server)
on conflict (server_id) do nothing;

-- name: setting
select value
from setting
where name = :name;

-- name: set_setting!
insert into setting (name, value)
values (:name, :value)
on conflict (name) do update set value = excluded.value;

-- name: set_server_course!
insert into server (server_id, course)
values (:server, :course)
on conflict (server_id) do update set course = excluded.course, removed_at = null;

-- name: allows_announcements
select announcements
from server
where server_id = :server;

-- name: set_first_server_course!
insert into server (server_id, course)
values (:server, :course)
on conflict (server_id) do update set course = coalesce(server.course, excluded.course), removed_at = null;

-- name: server_settings
select course, manager_role, announcements, panel_channel, panel_message
from server
where server_id = :server;

-- name: set_manager_role
insert into server (server_id, manager_role)
values (:server, :role)
on conflict (server_id) do update set manager_role = excluded.manager_role
where coalesce(server.manager_role, 0) = coalesce(:expected, 0)
returning server_id;

-- name: set_announcements
insert into server (server_id, announcements)
values (:server, :announcements)
on conflict (server_id) do update set announcements = excluded.announcements
where server.announcements <> excluded.announcements
returning server_id;

-- name: set_panel!
insert into server (server_id, panel_channel, panel_message)
values (:server, :channel, :message)
on conflict (server_id) do update set panel_channel = excluded.panel_channel, panel_message = excluded.panel_message;

-- name: clear_panel
update server
set panel_channel = null, panel_message = null
where server_id = :server and panel_message = :message
returning server_id;

-- name: welcomed_servers
select server_id
from server
where welcomed_at is not null;

-- name: claim_welcome
-- A returned row means that the welcome message may be sent, now and never again.
insert into server (server_id, welcomed_at)
values (:server, :now)
on conflict (server_id) do update set welcomed_at = excluded.welcomed_at
where server.welcomed_at is null
returning server_id;

-- name: setup_items
select item, state
from setup_item
where server_id = :server;

-- name: set_setup_item!
insert into setup_item (server_id, item, state)
values (:server, :item, :state)
on conflict (server_id, item) do update set state = excluded.state;

-- name: clear_setup_item!
delete from setup_item where server_id = :server and item = :item;

-- name: removed_servers
select server_id
from server
where removed_at is not null;

-- name: server_removed!
insert into server (server_id, removed_at)
values (:server, :now)
on conflict (server_id) do update set removed_at = coalesce(server.removed_at, excluded.removed_at);

-- name: server_back!
update server
set removed_at = null
where server_id = :server and removed_at is not null;

-- name: known_servers
-- Every server that has anything stored and is not marked as removed.
select server_id
from server
where removed_at is null;

-- name: servers_to_purge
select server_id
from server
where removed_at <= :before;

-- name: purge_cohort!
delete from cohort where server_id = :server;

-- name: purge_member!
delete from member where server_id = :server;

-- name: purge_server!
delete from server where server_id = :server;

-- name: purge_delivery!
delete from delivery where server_id = :server;

-- name: purge_announcement!
delete from announcement where server_id = :server;

-- name: purge_setup_item!
delete from setup_item where server_id = :server;
