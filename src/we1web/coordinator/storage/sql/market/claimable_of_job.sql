-- The first unclaimed chunk of one job.
select c.id, c.job_key, c.first_index, c.n, c.body
  from public.chunks c
 where c.claimed_by is null and not c.done and c.job_key = $1
 order by c.id
 limit 1
   for update of c skip locked
