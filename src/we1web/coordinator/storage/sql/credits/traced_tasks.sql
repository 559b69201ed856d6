-- The tasks behind a settlement, in the order they ended, after ($5, $6, $7): those that these nodes ($4; null: all) voted
-- on. A surplus vote came when its task had ended already.
select * from (
  select t.flush, t.id, 0::bigint as surplus, t.index, t.state, t.digest, t.votes
    from public.tasks t
   where t.job_key = $1 and t.flush > $2 and t.flush <= $3 and (t.flush, t.id, 0::bigint) > ($5, $6, $7)
     and ($4::bigint[] is null or exists (select from unnest(t.votes) v where v >> 16 = any($4)))
  union all
  select s.flush, s.task_id, 1::bigint, t.index, t.state, t.digest, 
         array_agg(s.node_key << 16 | 32768 | case when s.fast then 16384 else 0 end order by s.node_key)
    from public.surplus_votes s join public.tasks t on t.id = s.task_id
   where s.job_key = $1 and s.flush > $2 and s.flush <= $3 and (s.flush, s.task_id, 1::bigint) > ($5, $6, $7)
     and ($4::bigint[] is null or s.node_key = any($4))
   group by s.flush, s.task_id, t.index, t.state, t.digest) found
 order by flush, id, surplus
 limit $8
