insert into public.payout_accounts (user_id, rail, country, currency, holder, destination, status)
  values ($1, $2, $3, $4, $5, $6, $7)
  returning id, user_id, rail, country, currency, holder, destination, status, wants, created_at, checked_at
