-- Chunks claimed before a restart that are not done.
select id, job_key, first_index, n, body, bundle_size from public.chunks
 where not done and claimed_by is not null order by id
