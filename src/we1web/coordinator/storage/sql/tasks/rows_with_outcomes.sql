-- The same with whole outcomes.
select (c.id << 20) + p.place as id, c.first_index + p.place as index, t.state, t.votes, t.error, t.outcome,
       t.outcome as failure
  from public.chunks c
 cross join lateral generate_series(greatest($2 - c.first_index, 0), least($2 + $3 - c.first_index, c.n) - 1) p(place)
  left join lateral (select * from public.tasks e where e.id = (c.id << 20) + p.place offset 0) t on true
 where c.job_key = $1 and c.first_index < $2 + $3
   and c.first_index >= coalesce((select max(b.first_index) from public.chunks b
                                   where b.job_key = $1 and b.first_index <= $2), 0)
 order by c.first_index, p.place
