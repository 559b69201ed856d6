select * from public.fundings where session_id = $1
