-- What the coordinator $1 was about to send when it died may be sent again at once; the age of the key counts from now on.
update public.funding_refunds
   set next_attempt_at = $2, first_attempt_at = $2, reserved_by = null
 where reserved_by = $1 and next_attempt_at > $2 and state = 'requested' and refund_id is null
