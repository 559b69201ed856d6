update public.payout_accounts set destination = $2 where id = $1
  returning id, user_id, rail, country, currency, holder, destination, status, wants, created_at, checked_at
