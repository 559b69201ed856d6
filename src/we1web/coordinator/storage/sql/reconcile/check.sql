-- Per currency: what the rail's movements add up to, and what our clearing account says it holds.
with booked as (select currency, sum(balance)::bigint as micros from ledger.balances
                 where kind = 'clearing' and rail = $1 group by currency),
open as (select currency, count(*) as n from public.rail_movements where rail = $1 and explained_by is null group by currency),
compared as (
  select currency, coalesce(b.micros, 0) as clearing, coalesce(o.n, 0) as unexplained
    from (select currency from public.rail_checks where rail = $1) c
    full join booked b using (currency) left join open o using (currency))
insert into public.rail_checks as c (rail, currency, checked_at, rail_micros, clearing_micros, difference_micros,
                                     unexplained, differs_since)
  select $1, currency, $2::timestamptz, 0, clearing, clearing, unexplained, case when clearing <> 0 then $2::timestamptz end
    from compared order by currency
  on conflict (rail, currency) do update
    set checked_at = excluded.checked_at, clearing_micros = excluded.clearing_micros,
        difference_micros = c.rail_micros + excluded.clearing_micros, unexplained = excluded.unexplained,
        differs_since = case when c.rail_micros + excluded.clearing_micros <> 0 or excluded.unexplained > 0
                             then coalesce(c.differs_since, $2::timestamptz) end
returning currency, difference_micros, unexplained, differs_since
