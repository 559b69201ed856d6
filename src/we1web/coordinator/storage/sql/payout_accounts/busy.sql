select exists (select from public.payouts where account_id = $1 and state in ('requested', 'reserved', 'transferred'))
