select * from public.pools where key_digest = $1 and closed_at is null for update
