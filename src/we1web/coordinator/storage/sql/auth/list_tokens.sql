select id, name, scopes, created_at, last_used_at, expires_at, revoked_at
  from public.api_tokens
 where user_id = $1 and revoked_at is null
 order by created_at, id
