-- Ended tasks in the order of agreement, after (flush, id); as many as fit $5 bytes, and one at least.
select id, index, state, error, outcome, votes, flush
  from (select t.*, sum(coalesce(octet_length(t.outcome), 0)) over (order by t.flush, t.id) as upto_bytes,
               row_number() over (order by t.flush, t.id) as place
          from (select * from public.tasks
                 where job_key = $1 and (flush, id) > ($2, $3) order by flush, id limit $4) t) page
 where upto_bytes <= $5 or place = 1
 order by flush, id
