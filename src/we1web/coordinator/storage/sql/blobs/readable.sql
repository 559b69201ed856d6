-- The size of a blob its reader may have: an owner, or ($3) a node while a living job lists it; the
-- operator's ($4), who judge contests, also after its end.
select b.size
  from public.blobs b
 where b.digest = $1
   and (exists (select from public.blob_owners o where o.digest = b.digest and o.user_id = $2)
        or $3 and exists (select from public.job_blobs l join public.jobs j on j.key = l.job_key
                           where l.digest = b.digest and (j.state in ('open', 'running') or $4)))
