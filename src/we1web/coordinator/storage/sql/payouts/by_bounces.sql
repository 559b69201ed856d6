-- Payouts that the bank refused and whose transfer could not be taken back: the account had nothing left.
select p.*, u.key as user_key from public.payouts p join public.users u on u.id = p.user_id
 where p.bounced_id = any($1) and p.state in ('transferred', 'paid') and p.reason = 'account_short'
 order by p.key for no key update of p
