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
