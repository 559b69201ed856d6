-- What an hour of one core really earned in the last day: the median over nodes and hours, and how many hours of a core
-- that was. $1: the currency.
select percentile_cont(0.5) within group (order by earned_micros * 3.6e9 / core_us) as median,
       coalesce(sum(core_us) / 3.6e9, 0)::float8 as core_hours
  from public.node_hours
 where hour > now() - interval '24 hours' and currency = $1 and earned_micros > 0 and core_us > 0
