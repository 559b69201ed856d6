-- Jobs with their requester's id, and how many of their tasks ended.
select j.*, (select count(*) from public.tasks t where t.job_key = j.key) as ended
  from public.jobs j
 where j.key = any($1::bigint[])
