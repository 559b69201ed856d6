delete from public.blob_owners o
 where o.digest = any($1::bytea[]) and not exists (select from public.job_blobs l where l.digest = o.digest)
