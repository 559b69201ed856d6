-- The tasks of a job ($1) at $3 places of its input order from $2 on, ended or not: task id = chunk id << 20 | place in
-- the chunk, so every one is found by its key however many there are. Of outcomes without a value only the head.
-- `offset 0` keeps the planner from joining whole tables for a hundred rows.
select (c.id << 20) + p.place as id, c.first_index + p.place as index, t.state, t.votes, t.error,
       case when t.state <> 1 then substring(t.outcome for 4096) end as failure,
       t.id is not null and exists (select from public.disputes d where d.task_id = t.id) as disputed
  from public.chunks c
 cross join lateral generate_series(greatest($2 - c.first_index, 0), least($2 + $3 - c.first_index, c.n) - 1) p(place)
  left join lateral (select * from public.tasks e where e.id = (c.id << 20) + p.place offset 0) t on true
 where c.job_key = $1 and c.first_index < $2 + $3
   and c.first_index >= coalesce((select max(b.first_index) from public.chunks b
                                   where b.job_key = $1 and b.first_index <= $2), 0)
 order by c.first_index, p.place
