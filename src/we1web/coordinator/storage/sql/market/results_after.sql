-- Ended tasks of a job in the order of agreement.
select id, index, state, flush, outcome, cardinality(votes) as votes
  from public.tasks
 where job_key = $1 and (flush, id) > ($2, $3)
 order by flush, id
 limit $4
