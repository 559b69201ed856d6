-- How many votes of these nodes ($4; null: all) a settlement paid, and how many of them with the bonus: agreed votes of a
-- job's tasks and surplus votes in the flushes above $2 up to $3.
select count(*) as votes, count(*) filter (where fast) as fast
  from (select v & 16384 <> 0 as fast
          from public.tasks t cross join lateral unnest(t.votes) v
         where t.job_key = $1 and t.flush > $2 and t.flush <= $3 and v & 32768 <> 0
           and ($4::bigint[] is null or v >> 16 = any($4))
        union all
        select s.fast from public.surplus_votes s
         where s.job_key = $1 and s.flush > $2 and s.flush <= $3 and ($4::bigint[] is null or s.node_key = any($4))) paid
