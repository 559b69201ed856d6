update public.users set is_operator = $2 where lower(email) = lower($1) returning id
