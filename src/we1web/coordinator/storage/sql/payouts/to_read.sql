-- Accounts whose bank may have done something: $3 for those with something on its way, $4 for those paid since $5.
with due as (
  select a.id from public.payout_accounts a
   where a.rail = any($1)
     and ((a.read_at is null or a.read_at < $3)
          and exists (select from public.payouts p where p.account_id = a.id and p.state = 'transferred')
       or (a.read_at is null or a.read_at < $4)
          and exists (select from public.payouts p where p.account_id = a.id and p.state = 'paid' and p.paid_at > $5))
   order by a.read_at nulls first limit $6 for no key update skip locked)
update public.payout_accounts a set read_at = $2 from due where a.id = due.id returning a.rail, a.destination
