select r.id, 'refund' as kind, f.rail, f.currency, r.amount_micros, 0::bigint as fee_micros, r.state, r.created_at as at
  from public.funding_refunds r join public.fundings f on f.id = r.funding_id where r.id = $1
