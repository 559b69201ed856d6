-- Of these nodes those of the user.
select key from public.nodes where key = any($1::bigint[]) and owner_id = $2
