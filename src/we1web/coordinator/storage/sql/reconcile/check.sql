-- Per currency: what the rail's movements add up to, and what our clearing account says it holds.
with seen as (select currency, sum(net_micros)::bigint as micros, count(*) filter (where explained_by is null) as open
                from public.rail_movements where rail = $1 group by currency),
booked as (select currency, sum(balance)::bigint as micros from ledger.balances
            where kind = 'clearing' and rail = $1 group by currency)
insert into public.rail_checks (rail, currency, checked_at, rail_micros, clearing_micros, difference_micros, unexplained)
  select $1, coalesce(s.currency, b.currency), $2, coalesce(s.micros, 0), coalesce(b.micros, 0),
         coalesce(s.micros, 0) + coalesce(b.micros, 0), coalesce(s.open, 0)
    from seen s full join booked b using (currency)
  on conflict (rail, currency) do update
    set checked_at = excluded.checked_at, rail_micros = excluded.rail_micros, clearing_micros = excluded.clearing_micros,
        difference_micros = excluded.difference_micros, unexplained = excluded.unexplained
returning currency, difference_micros, unexplained
