-- More tasks for a job; with $3 its list is complete.
update public.jobs
   set total = total + $2,
       state = case when $3 then 'running' else state end,
       closed_at = case when $3 then $4 else closed_at end
 where key = $1
returning *
