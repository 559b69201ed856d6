select * from public.contests where dispute_id = any($1::bigint[]) and user_id = $2
