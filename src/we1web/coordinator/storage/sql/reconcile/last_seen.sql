select max(at) from public.rail_movements where rail = $1
