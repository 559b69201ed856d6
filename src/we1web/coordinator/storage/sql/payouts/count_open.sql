select count(*) from public.payouts where user_id = $1 and state in ('requested', 'reserved')
