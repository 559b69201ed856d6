-- Another state, at $3; `ended_at` for those that are final, `paid_at` for paid.
update public.payouts
   set state = $2, reserved_by = null, reason = $4, detail = $5, bank_id = coalesce($6, bank_id),
       transferred_at = case when $2 = 'transferred' then $3 else transferred_at end,
       paid_at = case when $2 = 'paid' then $3 else paid_at end,
       ended_at = case when $2 in ('failed', 'returned') then $3 else ended_at end
 where id = $1
