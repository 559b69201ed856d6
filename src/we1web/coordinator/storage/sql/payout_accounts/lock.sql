select id, user_id, rail, country, currency, holder, destination, status, wants, created_at, checked_at
  from public.payout_accounts where id = $1 and user_id = $2 and status <> 'closed' for update
