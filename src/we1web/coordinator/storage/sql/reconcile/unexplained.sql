select id, currency, net_micros, type, source, at from public.rail_movements
 where rail = $1 and explained_by is null order by at limit $2
