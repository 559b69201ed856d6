-- Contested disputes that wait for a referee, the oldest contest first, with the chunk their task lies in.
select d.id, d.task_id, d.job_key, d.nodes, c.body, c.bundle_size
  from (select dispute_id, min(created_at) as since from public.contests where state = 'waiting'
         group by dispute_id order by since limit 32) w
  join public.disputes d on d.id = w.dispute_id
  join public.chunks c on c.id = d.task_id >> 20
 order by w.since, d.id
