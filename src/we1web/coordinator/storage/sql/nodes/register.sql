insert into public.nodes (owner_id, owner_key, name, cores, memory_bytes, runtimes, platform, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
returning id
