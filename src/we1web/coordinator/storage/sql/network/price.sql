-- What an hour of one core really earned in the last day: the median over nodes and hours. $1: the currency.
select percentile_cont(0.5) within group (order by earned_micros * 3.6e9 / core_us)
  from public.node_hours
 where hour > now() - interval '24 hours' and currency = $1 and earned_micros > 0 and core_us > 0
