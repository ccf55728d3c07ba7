-- name: servers
select server_id, course
from server
where removed_at is null and course is not null;

-- name: setting
select value
from setting
where name = :name;

-- name: set_setting!
insert into setting (name, value)
values (:name, :value)
on conflict (name) do update set value = excluded.value;
