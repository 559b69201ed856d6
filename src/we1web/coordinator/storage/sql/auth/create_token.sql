insert into public.api_tokens (user_id, name, scopes, digest, created_at, expires_at)
select $1, $2, $3, $4, $5, $6
 where (select count(*) from public.api_tokens where user_id = $1 and revoked_at is null) < $7
returning id, name, scopes, created_at, last_used_at, expires_at, revoked_at
