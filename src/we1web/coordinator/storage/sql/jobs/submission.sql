-- The stored chunks of one submission (it became two when it was the first), in order.
select first_index, n, body from public.chunks where job_key = $1 and sequence between $2 and $2 + 1 order by sequence
