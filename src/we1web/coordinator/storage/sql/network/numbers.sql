select (select count(*) from public.nodes where online and status <> 'retired') as nodes_online,
       (select count(*) from public.nodes where status <> 'retired') as nodes_registered,
       count(*) filter (where state in ('open', 'running')) as jobs_live,
       count(*) as jobs_total,
       coalesce(sum(verified), 0)::bigint as tasks_verified,
       coalesce(sum(executions), 0)::bigint as votes
  from public.jobs
