-- A job whose list is complete and empty ends at once.
update public.jobs set state = 'done', closed_at = $2, ended_at = $2 where key = $1 returning *
