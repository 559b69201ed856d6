select * from public.fundings where charge_id = $1
