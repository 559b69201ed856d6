insert into public.surplus_votes (task_id, node_key, job_key, flush, fast)
select u.task_id, u.node_key, u.job_key, $1, u.fast
  from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bool[]) as u(task_id, node_key, job_key, fast)
on conflict do nothing
