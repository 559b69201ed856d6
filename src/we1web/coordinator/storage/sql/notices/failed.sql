update public.rail_notices set error = $3 where rail = $1 and id = $2 and done_at is null
