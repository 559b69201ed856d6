-- Each rail and currency: the running sum of what the rail moved is the sum of its movements.
with moved as (select rail, currency, sum(net_micros) as micros from public.rail_movements group by 1, 2)
select 'movements at ' || rail as place, currency, coalesce(m.micros, 0)::bigint as expected,
       coalesce(c.rail_micros, 0)::bigint as found
  from moved m full join public.rail_checks c using (rail, currency)
 where coalesce(m.micros, 0) <> coalesce(c.rail_micros, 0)
 order by 1, 2
