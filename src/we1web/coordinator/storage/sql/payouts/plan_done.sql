update public.payout_plans set next_on = $2 where user_id = $1
