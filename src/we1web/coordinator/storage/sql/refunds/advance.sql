update public.funding_refunds
   set state = $2, refund_id = coalesce($3, refund_id), reason = $4, reserved_by = null,
       ended_at = case when $2 in ('done', 'failed') then $5::timestamptz end
 where id = $1
