-- Tasks of a job ($1) that never ended, $3 of them from place $2 of the input order on. With $4 also in closed chunks:
-- those of a cancelled job. A scalar subquery, because an anti-join would read all tasks there are.
select (c.id << 20) + p.place as id, c.first_index + p.place as index, null::smallint as state, null::bigint[] as votes,
       null::real as error, null::bytea as failure, false as disputed
  from public.chunks c
 cross join lateral generate_series(greatest($2 - c.first_index, 0), c.n - 1) p(place)
 where c.job_key = $1 and ($4 or not c.done)
   and c.first_index >= coalesce((select max(b.first_index) from public.chunks b
                                   where b.job_key = $1 and b.first_index <= $2), 0)
   and (select t.id from public.tasks t where t.id = (c.id << 20) + p.place) is null
 order by c.first_index, p.place
 limit $3
