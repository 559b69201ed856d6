-- Each payment that arrived at a rail, and each refund of one: exactly the transactions that its state stands for. A refund
-- that failed had been sent before, or not: what was sent came back. A bank by hand keeps no count for us: its side is the world.
with refunds as (
  select r.id, f.currency, r.amount_micros, r.state,
         r.state in ('sent', 'done') or exists (select from ledger.transactions t
                                                 where t.key = 'funding-refund-sent:' || r.id) as sent
    from public.funding_refunds r join public.fundings f on f.id = r.funding_id),
due as (
  select 'fund:' || f.rail || ':' || f.id as key, f.currency, v.side, v.amount
    from public.fundings f
   cross join lateral (values ('payer', f.amount_micros), ('rail', f.cost_micros - f.amount_micros)) v(side, amount)
   where f.state = 'paid' and v.amount <> 0
  union all
  select v.key || r.id, r.currency, v.side, v.amount
    from refunds r
   cross join lateral (values
     ('funding-refund:', 'payer', -r.amount_micros, true),
     ('funding-refund-sent:', 'rail', r.amount_micros, r.sent and r.state <> 'requested'),
     ('funding-refund-failed:', 'payer', r.amount_micros, r.state = 'failed'),
     ('funding-refund-failed:', 'rail', -r.amount_micros, r.state = 'failed' and r.sent)) v(key, side, amount, is_due)
   where v.is_due),
posted as (
  select t.key, a.currency, case when a.kind in ('clearing', 'world') then 'rail' else 'payer' end as side, sum(e.amount) as amount
    from ledger.transactions t
    join ledger.entries e on e.transaction_id = t.id
    join ledger.accounts a on a.id = e.account_id and a.kind in ('wallet', 'debt', 'clearing', 'world')
   where t.kind in ('fund', 'funding_refund', 'funding_refund_sent', 'funding_refund_failed')
     and t.key not like 'fund:operator:%'
   group by 1, 2, 3)
select key || ', ' || side as place, coalesce(d.currency, p.currency) as currency,
       coalesce(d.amount, 0)::bigint as expected, coalesce(p.amount, 0)::bigint as found
  from due d full join posted p using (key, side)
 where coalesce(d.amount, 0) <> coalesce(p.amount, 0)
 order by 1
