update public.payouts
   set state = 'transferred', reserved_by = null, transferred_at = $2, transfer_id = $3, arrival_id = $4,
       reason = '', detail = '', round = 0, first_attempt_at = null
 where id = $1
