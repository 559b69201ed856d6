update public.payouts set batch_id = $1 where id = any($2)
