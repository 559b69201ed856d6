select key from public.jobs where id = $1 and requester_id = $2
