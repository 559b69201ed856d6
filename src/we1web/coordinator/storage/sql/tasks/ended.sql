-- An ended task of a requester's own job.
select t.id, t.index, t.state, t.error, t.outcome, t.votes, j.id as job_id, j.key as job_key, j.price_micros,
       j.bonus_micros
  from public.tasks t join public.jobs j on j.key = t.job_key
 where t.id = $1 and j.requester_id = $2
