delete from public.idempotency_keys where created_at < $1
