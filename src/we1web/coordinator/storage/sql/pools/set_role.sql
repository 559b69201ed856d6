update public.pool_members set role = $2 where id = $1
