update public.payouts set reversal_id = $2 where id = $1
