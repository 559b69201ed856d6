-- What was settled just now: by node ($1 to $8, parallel), and the tasks that ended verified ($9) and failed ($10).
with judged as (
  select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                       $8::bigint[])
    as u(node_key, currency, paid, rejected, earned, core_us, commission, pooled)),
totals as (
  insert into public.node_totals as t (node_key, currency, votes_paid, votes_rejected, earned_micros, core_us,
                                       commission_micros, pooled_micros)
  select * from judged
  on conflict (node_key, currency) do update
     set votes_paid = t.votes_paid + excluded.votes_paid, votes_rejected = t.votes_rejected + excluded.votes_rejected,
         earned_micros = t.earned_micros + excluded.earned_micros, core_us = t.core_us + excluded.core_us,
         commission_micros = t.commission_micros + excluded.commission_micros,
         pooled_micros = t.pooled_micros + excluded.pooled_micros),
hours as (
  insert into public.node_hours as h (node_key, hour, currency, votes_paid, votes_rejected, earned_micros, core_us,
                                      commission_micros, pooled_micros)
  select node_key, date_trunc('hour', now(), 'UTC'), currency, paid, rejected, earned, core_us, commission, pooled
    from judged
  on conflict (node_key, hour, currency) do update
     set votes_paid = h.votes_paid + excluded.votes_paid, votes_rejected = h.votes_rejected + excluded.votes_rejected,
         earned_micros = h.earned_micros + excluded.earned_micros, core_us = h.core_us + excluded.core_us,
         commission_micros = h.commission_micros + excluded.commission_micros,
         pooled_micros = h.pooled_micros + excluded.pooled_micros)
insert into public.network_minutes as m (minute, verified, failed, votes_paid, votes_rejected)
select date_trunc('minute', now()), $9, $10, coalesce(sum(paid), 0), coalesce(sum(rejected), 0) from judged
on conflict (minute) do update
   set verified = m.verified + excluded.verified, failed = m.failed + excluded.failed,
       votes_paid = m.votes_paid + excluded.votes_paid, votes_rejected = m.votes_rejected + excluded.votes_rejected
