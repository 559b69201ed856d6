select count(*) from public.jobs where requester_id = $1 and state in ('open', 'running')
