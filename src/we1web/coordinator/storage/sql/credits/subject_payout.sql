select id, 'payout' as kind, rail, currency, gross_micros as amount_micros, fee_micros, state, requested_at as at
  from public.payouts where id = $1
