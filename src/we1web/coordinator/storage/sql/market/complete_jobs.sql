-- Jobs whose last task ended, but whose end was not written: a lease was still out when the market stopped.
select j.key from public.jobs j
 where j.state = 'running' and j.total <= (select count(*) from public.tasks t where t.job_key = j.key)
