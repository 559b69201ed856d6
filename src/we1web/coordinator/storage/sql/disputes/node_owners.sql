select key, owner_id from public.nodes where key = any($1::bigint[])
