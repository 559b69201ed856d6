select job_key, node_key, fast from public.surplus_votes
 where flush > coalesce((select max(upto) from public.settlements), 0)
