select rail, currency, checked_at, rail_micros, clearing_micros, difference_micros, unexplained from public.rail_checks
 order by rail, currency
