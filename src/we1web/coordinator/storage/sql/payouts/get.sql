select * from public.payouts where id = $1 and user_id = $2
