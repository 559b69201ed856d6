-- The newest rate of each pair that is no older than the given day.
select distinct on (base, quote) day, base, quote, nanos
  from public.fx_rates where day >= $1 and day <= $2
 order by base, quote, day desc
