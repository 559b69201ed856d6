-- Which of the wanted blobs a user owns, with the size they claim; locked against the garbage collector.
select b.digest
  from unnest($2::bytea[], $3::bigint[]) w(digest, size)
  join public.blob_owners o on o.digest = w.digest and o.user_id = $1
  join public.blobs b on b.digest = w.digest and (w.size is null or b.size = w.size)
   for key share of b
