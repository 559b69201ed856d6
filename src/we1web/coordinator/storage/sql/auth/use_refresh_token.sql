with refreshed as (update auth.sessions set refreshed_at = $3 where id = $2)
update auth.refresh_tokens set used_at = coalesce(used_at, $3) where token = $1
