insert into public.nodes
  (owner_id, owner_key, name, cores, memory_bytes, runtimes, speed, platform, gpu, country, floor_micros_per_h, network,
   referee, online, accepting, reason, load, last_seen_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, true, true, '', 0, now())
returning id, key, owner_key, name, status
