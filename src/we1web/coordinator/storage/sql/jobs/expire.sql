-- Jobs past their deadline are cancelled; skip those that somebody is changing, the next run sees them again.
update public.jobs
   set state = 'cancelled', closed_at = coalesce(closed_at, $1)
 where key in (select key from public.jobs where state in ('open', 'running') and deadline_at < $1
                order by key limit 100 for update skip locked)
returning key
