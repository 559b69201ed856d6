select route, fingerprint, status, body from public.idempotency_keys where user_id = $1 and key = $2
