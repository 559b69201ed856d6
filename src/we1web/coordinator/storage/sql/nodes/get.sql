-- A node of one's own with what its votes came to.
select n.*, t.votes_paid, t.votes_rejected, t.earned_micros, h.earned_24h_micros,
       array(select r.runtime from public.node_reputations r where r.node_key = n.key and r.expelled_at is not null
              order by r.runtime) as expelled
  from public.nodes n
 cross join lateral (select coalesce(sum(votes_paid), 0)::bigint as votes_paid,
                            coalesce(sum(votes_rejected), 0)::bigint as votes_rejected,
                            coalesce(sum(earned_micros), 0)::bigint as earned_micros
                       from public.node_totals where node_key = n.key) t
 cross join lateral (select coalesce(sum(earned_micros), 0)::bigint as earned_24h_micros
                       from public.node_hours where node_key = n.key and hour > now() - interval '24 hours') h
 where n.id = $1 and n.owner_id = $2
