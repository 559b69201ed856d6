-- A stored blob and one more owner of it; uploading again makes it young again.
with stored as (
  insert into public.blobs (digest, size, created_at) values ($1, $2, $4)
  on conflict (digest) do update set created_at = excluded.created_at
  returning digest)
insert into public.blob_owners (digest, user_id)
select digest, $3 from stored
on conflict do nothing
