select key, id from public.nodes where owner_id = $1
