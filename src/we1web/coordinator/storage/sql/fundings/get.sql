select * from public.fundings where id = $1
