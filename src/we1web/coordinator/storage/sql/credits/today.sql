-- What a user's nodes earned since midnight UTC.
select coalesce(sum(h.earned_micros - h.commission_micros - h.pooled_micros), 0)::bigint
  from public.node_hours h
 where h.hour >= date_trunc('day', now(), 'UTC') and h.currency = $2
   and h.node_key = any (array(select n.key from public.nodes n where n.owner_id = $1))
