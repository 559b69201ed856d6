select detail from public.money_events where subject_kind = 'payout_batch' and subject_id = $1 and event = 'export'
