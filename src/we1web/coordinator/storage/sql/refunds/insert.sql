insert into public.funding_refunds (id, funding_id, user_id, amount_micros, created_at, next_attempt_at)
  values ($1, $2, $3, $4, $5, $5) returning *
