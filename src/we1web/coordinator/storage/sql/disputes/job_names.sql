-- The public ids of jobs, and what decides whether a dispute on them can be contested.
select key, id, validator from public.jobs where key = any($1::bigint[])
