-- A payer's open card payment, unless it was read since $4: whoever gets it reads it.
update public.fundings set checked_at = $3
 where id = $1 and user_id = $2 and state in ('open', 'processing') and session_id is not null
   and (checked_at is null or checked_at <= $4)
returning *
