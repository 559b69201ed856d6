select count(*) from public.fundings where user_id = $1 and state = 'open'
