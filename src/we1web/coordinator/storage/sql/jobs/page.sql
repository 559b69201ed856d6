-- Newest first, after a key.
select * from public.jobs where requester_id = $1 and key < $2 order by key desc limit $3
