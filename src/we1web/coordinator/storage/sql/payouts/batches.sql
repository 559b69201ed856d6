select * from public.payout_batches where key < $1 order by key desc limit $2
