-- Manual payouts that wait for an operator, oldest first, with where they go.
select p.*, u.key as user_key, a.holder, a.destination
  from public.payouts p join public.users u on u.id = p.user_id join public.payout_accounts a on a.id = p.account_id
 where p.rail = 'manual' and p.state = 'reserved' and p.batch_id is null and p.currency = $1
 order by p.key limit $2 for no key update of p
