select id, user_id, rail, country, currency, holder, destination, status, wants, created_at, checked_at
  from public.payout_accounts where user_id = $1 and status <> 'closed' order by created_at
