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
