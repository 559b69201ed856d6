-- What a user's nodes earned in each of the last $2 hours of UTC, the present one last.
select g.hour as at, coalesce(sum(h.earned_micros - h.commission_micros - h.pooled_micros), 0)::bigint as earned_micros,
       coalesce(sum(h.votes_paid), 0)::bigint as votes_paid, coalesce(sum(h.votes_rejected), 0)::bigint as votes_rejected
  from generate_series(date_trunc('hour', now(), 'UTC') - ($2::int - 1) * interval '1 hour',
                       date_trunc('hour', now(), 'UTC'), interval '1 hour') g(hour)
  left join public.node_hours h
         on h.hour = g.hour and h.currency = $3
        and h.node_key = any (array(select n.key from public.nodes n where n.owner_id = $1))
 group by g.hour
 order by g.hour
