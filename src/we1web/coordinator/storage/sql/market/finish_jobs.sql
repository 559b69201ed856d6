-- Jobs whose last task ended; cancelled ones keep their state.
update public.jobs
   set state = case when state = 'cancelled' then state else 'done' end, ended_at = coalesce(ended_at, now()),
       closed_at = coalesce(closed_at, now())
 where key = any($1::bigint[])
