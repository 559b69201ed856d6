select n.key, n.owner_key, n.owner_id, n.id from public.nodes n where n.key = any($1::bigint[])
