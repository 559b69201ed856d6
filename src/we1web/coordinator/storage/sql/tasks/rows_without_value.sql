-- The same for failed and cancelled tasks, which an index of their own finds among any number of others.
select t.id, t.index, t.state, t.votes, t.error, substring(t.outcome for 4096) as failure,
       exists (select from public.disputes d where d.task_id = t.id) as disputed
  from public.tasks t
 where t.job_key = $1 and t.index >= $2 and t.state <> 1 and t.state = $4
 order by t.index
 limit $3
