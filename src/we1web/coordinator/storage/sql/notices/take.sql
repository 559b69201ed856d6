-- Those that are due at $1, at most $2: their next turn is written down before the work begins, so that a crash costs
-- time only.
update public.rail_notices n
   set attempts = n.attempts + 1, next_attempt_at = $1 + least(3600, 15 * 2 ^ least(n.attempts, 8)) * interval '1 second'
 where (n.rail, n.id) in (select d.rail, d.id from public.rail_notices d
                           where d.done_at is null and d.next_attempt_at <= $1
                           order by d.next_attempt_at limit $2 for update skip locked)
returning n.rail, n.id, n.type, n.account, n.object_id
