update public.payout_accounts a set status = $2, wants = $3, checked_at = $4
  from (select id, status from public.payout_accounts where id = $1 for no key update) b
 where a.id = b.id
returning b.status as before, a.user_id, a.rail
