select email from public.users where id = $1
