insert into public.surplus_votes (task_id, node_key, job_key, flush)
select u.task_id, u.node_key, u.job_key, $1
  from unnest($2::bigint[], $3::bigint[], $4::bigint[]) as u(task_id, node_key, job_key)
on conflict do nothing
