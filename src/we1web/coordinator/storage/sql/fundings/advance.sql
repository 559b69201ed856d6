update public.fundings
   set state = $2, amount_micros = $3, cost_micros = $4, payment_id = coalesce($5, payment_id),
       charge_id = coalesce($6, charge_id), checked_at = $7,
       url = case when $2 = 'open' then url end,
       ended_at = case when $2 in ('paid', 'expired', 'failed') then $7::timestamptz end
 where id = $1
