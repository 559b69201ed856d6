-- The oldest transfer to an account that a bank may still move.
select min(p.transferred_at) from public.payouts p join public.payout_accounts a on a.id = p.account_id
 where a.rail = $1 and a.destination = $2 and (p.state = 'transferred' or p.state = 'paid' and p.paid_at > $3)
