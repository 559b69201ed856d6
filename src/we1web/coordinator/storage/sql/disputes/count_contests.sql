select count(*) from public.contests where user_id = $1 and created_at > $2
