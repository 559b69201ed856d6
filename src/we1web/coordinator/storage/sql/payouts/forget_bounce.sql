update public.payouts
   set bounced_id = null, bank_id = $2, reason = '', detail = '', state = 'paid', paid_at = $3
 where id = $1
