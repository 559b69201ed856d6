-- Ended tasks whose votes have not been credited yet.
select job_key, votes from public.tasks
 where flush > coalesce((select max(upto) from public.settlements), 0) and cardinality(votes) > 0
