select key, id, requester_id, price_micros, fee_micros, currency from public.jobs where key = any($1::bigint[])
