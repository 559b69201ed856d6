-- Says 'cancelled' when the job has not ended; what it spent and what goes back is the market's to settle.
update public.jobs
   set state = 'cancelled', closed_at = coalesce(closed_at, $3)
 where id = $1 and requester_id = $2 and state in ('open', 'running')
returning *
