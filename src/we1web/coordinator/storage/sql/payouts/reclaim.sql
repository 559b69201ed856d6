-- What the coordinator $1 had reserved when it died may be carried again at once. Its request may still be under way at
-- the rail, so the age of the key counts from now on.
update public.payouts
   set next_attempt_at = $2, first_attempt_at = $2, reserved_by = null
 where reserved_by = $1 and next_attempt_at > $2
   and (state = 'reserved' or bounced_id is not null and state in ('transferred', 'paid'))
returning id
