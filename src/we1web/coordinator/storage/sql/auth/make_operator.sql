update public.users set is_operator = true where id = $1
