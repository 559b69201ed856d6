-- A requester's own job, locked against a second submission at the same time.
select * from public.jobs where id = $1 and requester_id = $2 for no key update
