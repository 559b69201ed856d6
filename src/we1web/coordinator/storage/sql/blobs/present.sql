-- Need it be uploaded? Not by an owner, nor ($3) by a node that can name it. A blob that is asked for is made young
-- again when half its time is over, so that it stays.
with present as (
  select b.digest, b.size from public.blobs b
   where b.digest = $1
     and ($3 or exists (select from public.blob_owners o where o.digest = b.digest and o.user_id = $2))),
touched as (
  update public.blobs b set created_at = $5 from present p where b.digest = p.digest and b.created_at < $4)
select size from present
