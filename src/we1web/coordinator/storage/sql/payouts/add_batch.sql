insert into public.payout_batches (id, message_id, currency, n, total_micros, execution_date, created_by, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8) returning *
