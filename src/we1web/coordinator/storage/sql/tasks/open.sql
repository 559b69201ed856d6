-- The place in a chunk of a task that has not ended: task id = chunk id << 20 | place.
select c.first_index + ($1::bigint & 1048575)::int as index, j.id as job_id, j.key as job_key, j.state
  from public.chunks c join public.jobs j on j.key = c.job_key
 where c.id = $1::bigint >> 20 and ($1::bigint & 1048575) < c.n and j.requester_id = $2
