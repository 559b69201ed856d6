select user_id from public.pool_members where pool_id = $1 and left_at is null order by id
