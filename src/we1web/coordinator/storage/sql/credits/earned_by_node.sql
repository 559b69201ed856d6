-- What a user's nodes earned from $2 to before $3, by node and currency: what is counted by the hour with each settlement,
-- so without what was granted to the person later (compensations).
select n.id as node, n.name, h.currency, sum(h.earned_micros)::bigint as earned_micros,
       sum(h.votes_paid)::bigint as votes_paid, max(h.hour) as at
  from public.nodes n join public.node_hours h on h.node_key = n.key
 where n.owner_id = $1 and h.hour >= date_trunc('hour', $2::timestamptz, 'UTC') and h.hour < $3
 group by n.id, n.key, n.name, h.currency
 order by n.key, h.currency
offset $4 limit $5
