-- Those that are due at $1, at most $2; the next turn is written down before the rail is asked.
update public.funding_refunds r
   set attempts = r.attempts + 1, first_attempt_at = coalesce(r.first_attempt_at, $1::timestamptz),
       next_attempt_at = $1::timestamptz + least(21600, 10 * 2 ^ least(r.attempts, 12)) * interval '1 second'
 where r.id in (select d.id from public.funding_refunds d
                 where d.state in ('requested', 'sent') and d.next_attempt_at <= $1
                 order by d.next_attempt_at limit $2 for update skip locked)
returning r.*
