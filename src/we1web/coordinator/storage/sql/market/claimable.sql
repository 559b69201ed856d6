-- Unclaimed chunks with what their job needs, oldest first, except those of jobs that have enough in the engine.
select c.id, c.job_key, c.first_index, c.n, c.body
  from public.chunks c
 where c.claimed_by is null and not c.done and c.job_key <> all($1::bigint[])
 order by c.id
 limit $2
   for update of c skip locked
