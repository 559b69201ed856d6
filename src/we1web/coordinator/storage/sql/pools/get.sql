select * from public.pools where id = $1
