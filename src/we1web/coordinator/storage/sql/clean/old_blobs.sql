-- Candidates, locked; whether somebody wanted one in the meantime is asked again afterwards (clean/drop_blobs).
select b.digest from public.blobs b
 where b.created_at < $1 and not exists (select from public.job_blobs l where l.digest = b.digest)
 order by b.created_at limit $2
   for update of b skip locked
