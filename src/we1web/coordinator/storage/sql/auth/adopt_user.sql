insert into public.users (id, email) values ($1, $2) on conflict (id) do nothing
