-- The chunk a task of one's own lies in, with its arguments, and the runtime that reads them.
select c.body, j.runtime from public.chunks c join public.jobs j on j.key = c.job_key
 where c.id = $1::bigint >> 20 and j.requester_id = $2
