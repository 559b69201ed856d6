-- What was settled just now: by node ($1 to $6, parallel), and the tasks that ended verified ($7) and failed ($8).
with judged as (
  select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
    as u(node_key, currency, paid, rejected, earned, core_us)),
totals as (
  insert into public.node_totals as t (node_key, currency, votes_paid, votes_rejected, earned_micros, core_us)
  select * from judged
  on conflict (node_key, currency) do update
     set votes_paid = t.votes_paid + excluded.votes_paid, votes_rejected = t.votes_rejected + excluded.votes_rejected,
         earned_micros = t.earned_micros + excluded.earned_micros, core_us = t.core_us + excluded.core_us),
hours as (
  insert into public.node_hours as h (node_key, hour, currency, votes_paid, votes_rejected, earned_micros, core_us)
  select node_key, date_trunc('hour', now(), 'UTC'), currency, paid, rejected, earned, core_us from judged
  on conflict (node_key, hour, currency) do update
     set votes_paid = h.votes_paid + excluded.votes_paid, votes_rejected = h.votes_rejected + excluded.votes_rejected,
         earned_micros = h.earned_micros + excluded.earned_micros, core_us = h.core_us + excluded.core_us)
insert into public.network_minutes as m (minute, verified, failed, votes_paid, votes_rejected)
select date_trunc('minute', now()), $7, $8, coalesce(sum(paid), 0), coalesce(sum(rejected), 0) from judged
on conflict (minute) do update
   set verified = m.verified + excluded.verified, failed = m.failed + excluded.failed,
       votes_paid = m.votes_paid + excluded.votes_paid, votes_rejected = m.votes_rejected + excluded.votes_rejected
