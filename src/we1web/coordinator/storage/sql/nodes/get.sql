select * from public.nodes where id = $1 and owner_id = $2
