-- The ledger transaction that a movement comes from, by what the movement is about; and only if the clearing account
-- moved by as much: a movement that is a cent off stays unexplained.
with open as materialized (select * from public.rail_movements where rail = $1 and explained_by is null),
named(id, net_micros, currency, key) as (
  select m.id, m.net_micros, m.currency, 'fund:' || $1 || ':' || f.id
    from open m join public.fundings f on f.charge_id = m.source where m.type in ('charge', 'payment')
  union all
  select m.id, m.net_micros, m.currency, 'funding-refund-sent:' || r.id
    from open m join public.funding_refunds r on r.refund_id = m.source where m.type in ('refund', 'payment_refund')
  union all
  select m.id, m.net_micros, m.currency, 'funding-refund-failed:' || r.id
    from open m join public.funding_refunds r on r.refund_id = m.source
   where m.type in ('refund_failure', 'payment_failure_refund')
  union all
  select m.id, m.net_micros, m.currency, 'payout-sent:' || p.id
    from open m join public.payouts p on p.transfer_id = m.source where m.type = 'transfer'
  union all
  select m.id, m.net_micros, m.currency, 'payout-returned:' || p.id
    from open m join public.payouts p on m.source in (p.reversal_id, p.transfer_id)
   where m.type in ('transfer_refund', 'transfer_cancel', 'transfer_failure')
  union all
  select m.id, m.net_micros, m.currency,
         case when m.net_micros < 0 then 'chargeback:' else 'chargeback-won:' end || $1 || ':' || m.source
    from open m where m.type = 'adjustment'
  union all
  select m.id, m.net_micros, m.currency, k.prefix || $1 || ':' || m.id
    from open m cross join (values ('rail-cost:'), ('rail-own:')) k(prefix)),
moved as (
  select n.id, n.key, n.net_micros, -sum(e.amount) as clearing_micros
    from named n
    join ledger.transactions t on t.key in (n.key, 'rail-cost:' || $1 || ':' || n.id)
    join ledger.entries e on e.transaction_id = t.id
    join ledger.accounts a on a.id = e.account_id and a.kind = 'clearing' and a.rail = $1 and a.currency = n.currency
   where exists (select from ledger.transactions x where x.key = n.key)
   group by n.id, n.key, n.net_micros)
update public.rail_movements m set explained_by = moved.key
  from moved where m.rail = $1 and m.id = moved.id and moved.clearing_micros = m.net_micros
returning m.id
