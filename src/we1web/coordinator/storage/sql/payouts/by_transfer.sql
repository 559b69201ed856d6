select id from public.payouts where transfer_id = $1
