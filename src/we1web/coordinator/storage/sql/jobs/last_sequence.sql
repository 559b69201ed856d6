select max(sequence) from public.chunks where job_key = $1
