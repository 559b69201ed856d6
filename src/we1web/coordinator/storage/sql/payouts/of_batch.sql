select p.*, u.key as user_key, a.holder, a.destination
  from public.payouts p join public.users u on u.id = p.user_id join public.payout_accounts a on a.id = p.account_id
 where p.batch_id = $1 order by p.key for no key update of p
