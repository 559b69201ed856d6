-- Takes a key; null when somebody has it (a transaction that is about to take it is waited for).
insert into public.idempotency_keys (user_id, key, route, fingerprint, created_at)
values ($1, $2, $3, $4, $5)
on conflict do nothing
returning key
