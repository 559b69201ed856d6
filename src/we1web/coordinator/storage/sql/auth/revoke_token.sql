update public.api_tokens set revoked_at = coalesce(revoked_at, $3) where id = $2 and user_id = $1 returning id
