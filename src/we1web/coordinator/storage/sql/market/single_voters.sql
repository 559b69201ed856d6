-- Which nodes gave the results of these jobs that rest on one vote: a vote is node key << 16 | agreed << 15 | weight.
select distinct job_key, votes[1] >> 16 as node_key
  from public.tasks
 where job_key = any($1::bigint[]) and cardinality(votes) = 1 and votes[1] & 32768 <> 0
