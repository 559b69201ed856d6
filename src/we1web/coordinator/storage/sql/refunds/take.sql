-- Those that are due at $1, at most $2; the next turn is written down before the rail is asked. What is to be sent is kept
-- for the coordinator $4 until $3; what the rail has already is only read. `was_tried`: this round's key was used before.
with due as (
  select d.id, d.first_attempt_at from public.funding_refunds d
   where d.state in ('requested', 'sent') and d.next_attempt_at <= $1
   order by d.next_attempt_at limit $2 for update skip locked)
update public.funding_refunds r
   set attempts = r.attempts + 1, first_attempt_at = coalesce(r.first_attempt_at, $1::timestamptz),
       reserved_by = case when r.refund_id is null then $4::uuid end,
       next_attempt_at = case when r.refund_id is null then $3::timestamptz
         else $1::timestamptz + least(21600, 10 * 2 ^ least(r.attempts, 12)) * interval '1 second' end
  from due where r.id = due.id
returning r.*, due.first_attempt_at is not null as was_tried
