-- Each balance that a user sees, against the postings to the accounts that are theirs (of an escrow: their job's).
with derived as (
  select coalesce(a.owner_id, j.requester_id) as user_id, a.currency, a.kind, sum(e.amount) as total
    from ledger.entries e
    join ledger.accounts a on a.id = e.account_id and a.kind in ('wallet', 'earnings', 'escrow', 'debt')
    left join public.jobs j on j.id = a.job_id
   group by 1, 2, 3),
shown as (
  select b.user_id, b.currency, v.kind, v.amount
    from public.user_balances b
   cross join lateral (values ('wallet', b.wallet_micros), ('earnings', b.earnings_micros),
                              ('escrow', b.held_micros), ('debt', -b.debt_micros)) v(kind, amount))
select coalesce(kind, '') || ' of user ' || coalesce(user_id::text, 'nobody') as place, currency,
       coalesce(d.total, 0)::bigint as expected, coalesce(s.amount, 0)::bigint as found
  from (select * from derived where user_id is not null) d full join shown s using (user_id, currency, kind)
 where coalesce(d.total, 0) <> coalesce(s.amount, 0)
 order by 1, 2
