-- Jobs with their requester's public name, how many of their tasks ended, and how many seconds their deadline leaves.
select j.*, coalesce(u.display_name, '') as requester,
       (select count(*) from public.tasks t where t.job_key = j.key) as ended,
       extract(epoch from j.deadline_at - now())::float8 as left_s
  from public.jobs j join public.users u on u.key = j.requester_key
 where j.key = any($1::bigint[])
