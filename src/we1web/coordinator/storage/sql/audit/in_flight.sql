-- Each rail and currency: what is in flight is the payouts and refunds that are on their way.
with open as (
  select rail, currency, sum(amount) as amount
    from (select p.rail, p.currency, p.gross_micros as amount from public.payouts p
           where p.state in ('requested', 'reserved')
          union all
          select f.rail, f.currency, r.amount_micros
            from public.funding_refunds r join public.fundings f on f.id = r.funding_id
           where r.state = 'requested') o
   group by 1, 2),
held as (select rail, currency, balance from ledger.balances where kind = 'in_flight')
select 'in flight at ' || rail as place, currency, coalesce(o.amount, 0)::bigint as expected,
       coalesce(h.balance, 0)::bigint as found
  from open o full join held h using (rail, currency)
 where coalesce(o.amount, 0) <> coalesce(h.balance, 0)
 order by 1, 2
