-- Tasks of a job ($1) that ended in a state ($4), $3 of them from place $2 of the input order on.
select t.id, t.index, t.state, t.votes, t.error,
       case when t.state <> 1 then substring(t.outcome for 4096) end as failure,
       exists (select from public.disputes d where d.task_id = t.id) as disputed
  from public.chunks c
 cross join lateral (select * from public.tasks e
                      where e.id >= c.id << 20 and e.id < (c.id + 1) << 20 and e.index >= $2 and e.state = $4
                      order by e.id limit $3) t
 where c.job_key = $1
   and c.first_index >= coalesce((select max(b.first_index) from public.chunks b
                                   where b.job_key = $1 and b.first_index <= $2), 0)
 order by c.first_index, t.id
 limit $3
