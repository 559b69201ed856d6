select a.id, a.user_id, a.rail, a.country, a.currency, a.status from public.payout_accounts a
 where a.id = $1 and a.user_id = $2
