select rail, currency, checked_at, rail_micros, clearing_micros, difference_micros, unexplained, differs_since
  from public.rail_checks
 order by rail, currency
