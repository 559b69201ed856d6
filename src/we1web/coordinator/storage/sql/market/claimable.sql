-- Unclaimed chunks with what their job needs, of the highest priority and the oldest first, except those of jobs that have
-- enough in the engine.
select c.id, c.job_key, c.first_index, c.n, c.body
  from public.chunks c
  join public.jobs j on j.key = c.job_key
 where c.claimed_by is null and not c.done and c.job_key <> all($1::bigint[])
 order by j.priority desc, c.id
 limit $2
   for update of c skip locked
