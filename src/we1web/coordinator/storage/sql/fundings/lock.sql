select * from public.fundings where id = $1 for no key update
