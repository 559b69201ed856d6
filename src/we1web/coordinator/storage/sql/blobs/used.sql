-- Bytes a user keeps here.
select coalesce(sum(b.size), 0)::bigint from public.blob_owners o join public.blobs b using (digest) where o.user_id = $1
