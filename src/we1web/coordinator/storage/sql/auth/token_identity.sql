with touched as (
  update public.api_tokens set last_used_at = $2
   where digest = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')
)
select u.id, u.key, u.email, u.display_name, u.is_operator, t.scopes, t.expires_at, t.revoked_at
  from public.api_tokens t join public.users u on u.id = t.user_id
 where t.digest = $1
