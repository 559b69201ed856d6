insert into public.fundings (id, user_id, rail, currency, amount_micros, created_at) values ($1, $2, $3, $4, $5, $6)
returning *
