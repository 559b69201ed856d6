-- It is sent again at $3; with another key ($4) when that of the round $2 will never do it.
update public.funding_refunds
   set next_attempt_at = $3, reserved_by = null, round = round + case when $4 then 1 else 0 end,
       first_attempt_at = case when $4 then null else first_attempt_at end
 where id = $1 and round = $2 and state = 'requested' and refund_id is null
