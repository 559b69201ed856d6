select currency, votes, gross_micros, commission_micros, pooled_micros
  from public.pool_totals where pool_id = $1 order by currency
