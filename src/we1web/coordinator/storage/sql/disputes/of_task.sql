select id from public.disputes where task_id = $1 order by id
