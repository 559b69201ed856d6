-- Each payout: exactly the transactions that its state stands for, entry by entry; and what was exchanged for it left the
-- earnings in the other currency.
with due as (
  select p.id, p.currency, v.key, v.name, v.amount
    from public.payouts p
   cross join lateral (select case p.rail when 'manual' then 'world//' else 'clearing/' || p.rail || '/' end || p.currency
                                as outside,
                              'earnings/' || p.user_id || '/' || p.currency as earnings,
                              'in_flight/' || p.rail || '/' || p.currency as in_flight,
                              p.gross_micros - p.fee_micros as net) o
   cross join lateral (values
     ('payout:' || p.id, o.earnings, -p.gross_micros, true),
     ('payout:' || p.id, o.in_flight, p.gross_micros, true),
     ('payout-sent:' || p.id, o.in_flight, -p.gross_micros, p.state in ('transferred', 'paid', 'returned')),
     ('payout-sent:' || p.id, o.outside, o.net, p.state in ('transferred', 'paid', 'returned')),
     ('payout-sent:' || p.id, 'fees//' || p.currency, p.fee_micros, p.state in ('transferred', 'paid', 'returned')),
     ('payout-failed:' || p.id, o.in_flight, -p.gross_micros, p.state = 'failed'),
     ('payout-failed:' || p.id, o.earnings, p.gross_micros, p.state = 'failed'),
     ('payout-returned:' || p.id, o.outside, -o.net, p.state = 'returned'),
     ('payout-returned:' || p.id, o.earnings, o.net, p.state = 'returned')) v(key, name, amount, is_due)
   where v.is_due and v.amount <> 0
  union all
  select p.id, p.source_currency, 'exchange:payout:' || p.id, 'earnings/' || p.user_id || '/' || p.source_currency,
         -p.source_micros
    from public.payouts p where p.source_micros is not null),
posted as (
  select t.key, a.name, a.currency, e.amount
    from ledger.transactions t
    join ledger.entries e on e.transaction_id = t.id
    join ledger.accounts a on a.id = e.account_id
   where t.kind in ('payout', 'payout_sent', 'payout_failed', 'payout_returned')
      or (t.kind = 'exchange' and t.key like 'exchange:payout:%' and a.kind = 'earnings' and e.amount < 0))
select key || ', ' || name as place, coalesce(d.currency, p.currency) as currency,
       coalesce(d.amount, 0)::bigint as expected, coalesce(p.amount, 0)::bigint as found
  from due d full join posted p using (key, name)
 where coalesce(d.amount, 0) <> coalesce(p.amount, 0)
 order by 1
