select id, 'funding' as kind, rail, currency, amount_micros, 0::bigint as fee_micros, state, created_at as at
  from public.fundings where id = $1
