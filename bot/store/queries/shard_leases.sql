-- name: shard_leases
select shard, owner, host, process, renewed_at
from shard_lease
order by shard;

-- name: drop_shard_lease!
delete from shard_lease
where shard = :shard;

-- name: add_shard_lease!
insert into shard_lease (shard, owner, host, process, renewed_at)
values (:shard, :owner, :host, :process, :now);

-- name: renew_shard_leases
update shard_lease
set renewed_at = :now
where owner = :owner
returning handover;

-- name: request_handover!
update shard_lease
set handover = 1
where shard = :shard;

-- name: release_shard_leases!
delete from shard_lease
where owner = :owner;
