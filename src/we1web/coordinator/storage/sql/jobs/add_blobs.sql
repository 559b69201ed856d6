-- Nodes may read these while the job lives.
insert into public.job_blobs (job_key, digest)
select $1, b.digest from unnest($2::bytea[]) b(digest)
on conflict do nothing
