update public.pools set key_digest = $2 where id = $1
