-- A node of this owner registers: its facts, and that it is online. No row when it is not the owner's or retired.
update public.nodes
   set name = case when $3 = '' or renamed then name else $3 end, cores = $4, memory_bytes = $5, runtimes = $6, speed = $7,
       platform = $8, gpu = $9, country = $10, floor_micros_per_h = $11, network = $12, referee = $13, online = true,
       accepting = true, reason = '', load = 0, last_seen_at = now()
 where id = $1 and owner_id = $2 and status <> 'retired'
returning id, key, owner_key, name, status
