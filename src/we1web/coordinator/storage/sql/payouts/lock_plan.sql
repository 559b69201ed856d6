select * from public.payout_plans where user_id = $1 and next_on <= $2 for update skip locked
