-- Which process serves which shard, so that no two serve the same one. A process renews its rows; old ones don't count.
create table shard_lease (
    -- Count and number, such as 4:0, or "all" for a process that serves every shard.
    shard text primary key,
    owner text not null,
    host text not null,
    process integer not null,
    renewed_at integer not null,
    -- Another process asked for the shard: its owner stops.
    handover integer not null default 0 check (handover in (0, 1))
) strict, without rowid;
