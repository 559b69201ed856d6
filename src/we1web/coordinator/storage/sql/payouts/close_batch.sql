update public.payout_batches set state = 'closed', closed_at = $2 where id = $1 returning *
