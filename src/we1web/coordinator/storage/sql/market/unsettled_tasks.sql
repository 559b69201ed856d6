-- Ended tasks that no settlement covers: their votes have been neither credited nor counted.
select job_key, state, votes from public.tasks
 where flush > coalesce((select max(upto) from public.settlements), 0)
