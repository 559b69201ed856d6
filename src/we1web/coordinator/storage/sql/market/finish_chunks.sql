update public.chunks set done = true where id = any($1::bigint[])
