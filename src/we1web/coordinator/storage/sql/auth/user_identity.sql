select id, key, email, display_name, is_operator from public.users where id = $1
