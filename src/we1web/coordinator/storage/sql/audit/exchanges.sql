-- Each exchange, entry by entry, from the amount that was given and the rate and the margin that are written on it; and
-- each failed payout that had been exchanged: it went back by the same rate, in the share that was asked for.
with made as (
  select t.id, t.key, a.kind, a.name, a.currency, a.owner_id, e.amount, (t.meta ->> 'rate_nanos')::numeric as nanos,
         coalesce((t.meta ->> 'margin_bps')::numeric, 0) as bps, t.meta ? 'undoes' as undoes
    from ledger.transactions t
    join ledger.entries e on e.transaction_id = t.id
    join ledger.accounts a on a.id = e.account_id
   where t.kind = 'exchange'),
pairs as (
  select s.id, s.key, s.name as source, s.currency as base, t.name as target, t.currency as quote, t.amount as received,
         -s.amount::numeric as micros, s.nanos, s.bps
    from made s join made t using (id)
   where not s.undoes and s.kind in ('wallet', 'earnings') and s.amount < 0 and t.kind = s.kind and t.amount > 0),
due as (
  select p.key, v.name, v.amount
    from pairs p
   cross join lateral (select div(p.micros * p.nanos, 1000000000) as fair,
                              div(2 * p.micros * p.nanos + 1000000000, 2000000000) as given) r
   cross join lateral (select div(r.fair * p.bps, 10000) as margin) k
   cross join lateral (values (p.source, -p.micros), ('fx//' || p.base, p.micros), ('fx//' || p.quote, -r.given),
                              (p.target, r.fair - k.margin), ('fees//' || p.quote, k.margin),
                              ('rounding//' || p.quote, r.given - r.fair)) v(name, amount)
  union all
  select 'undo-exchange:payout:' || o.id, v.name, v.amount
    from public.payouts o
    join pairs p on p.key = 'exchange:payout:' || o.id
   cross join lateral (select div(p.micros * o.gross_micros, p.received) as back) r
   cross join lateral (values (p.target, -o.gross_micros), ('fx//' || p.quote, o.gross_micros),
                              ('fx//' || p.base, -r.back), (p.source, r.back)) v(name, amount)
   where o.state = 'failed')
select key || ', ' || name as place, coalesce(split_part(name, '/', 3), '') as currency,
       coalesce(d.amount, 0)::bigint as expected, coalesce(m.amount, 0)::bigint as found
  from (select * from due where amount <> 0) d full join made m using (key, name)
 where coalesce(d.amount, 0) <> coalesce(m.amount, 0)
 order by 1
