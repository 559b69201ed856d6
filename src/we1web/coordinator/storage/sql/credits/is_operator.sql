select is_operator from public.users where id = $1
