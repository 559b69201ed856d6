select id, user_id, role from public.pool_members where pool_id = $1 and user_id = $2 and left_at is null
