update public.api_tokens set revoked_at = $3 where user_id = $1 and name = $2 and revoked_at is null
