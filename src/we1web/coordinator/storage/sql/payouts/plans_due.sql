select user_id from public.payout_plans where next_on <= $1 order by next_on, user_id limit $2
