delete from public.blobs b
 where b.digest = any($1::bytea[]) and not exists (select from public.job_blobs l where l.digest = b.digest)
returning b.digest
