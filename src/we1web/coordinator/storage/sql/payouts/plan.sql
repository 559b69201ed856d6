select every, currency, threshold_micros, next_on, account_id from public.payout_plans where user_id = $1
