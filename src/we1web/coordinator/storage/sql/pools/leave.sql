update public.pool_members set left_at = $2 where id = $1
