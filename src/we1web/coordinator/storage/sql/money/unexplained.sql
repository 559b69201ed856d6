select rail, id, currency, amount_micros, fee_micros, net_micros, type, source, at from public.rail_movements
 where explained_by is null order by at limit $1
