-- It is tried again at $5; with another key when the rail certainly did nothing ($6).
update public.payouts
   set state = $2, reason = $3, detail = $4, next_attempt_at = $5, reserved_by = null,
       round = round + case when $6 then 1 else 0 end,
       first_attempt_at = case when $6 then null else first_attempt_at end
 where id = $1
