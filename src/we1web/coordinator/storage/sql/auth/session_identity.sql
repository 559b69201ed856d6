select u.id, u.key, u.email, u.display_name, u.is_operator
  from auth.sessions s join public.users u on u.id = s.user_id
 where s.id = $1 and s.user_id = $2
