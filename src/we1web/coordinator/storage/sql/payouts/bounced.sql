update public.payouts
   set bounced_id = $2, bank_id = $2, reason = 'bank_failed', detail = $3, next_attempt_at = $4, round = 0,
       first_attempt_at = null
 where id = $1
