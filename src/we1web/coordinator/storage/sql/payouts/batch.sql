select * from public.payout_batches where id = $1 for no key update
