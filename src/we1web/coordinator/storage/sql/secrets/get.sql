select value from public.secrets where name = $1
