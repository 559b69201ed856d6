select * from public.payouts where user_id = $1 and key < $2 order by key desc limit $3
