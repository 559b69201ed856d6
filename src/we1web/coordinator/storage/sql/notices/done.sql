update public.rail_notices set done_at = $3, error = '' where rail = $1 and id = $2
