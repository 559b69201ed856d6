-- Each hour of a node: the votes that were settled in it, and what they earn by their jobs' prices. Each node's sums: those
-- of its hours. And what pools took from all nodes of one owner: what was shared of that owner's rewards.
with votes as materialized (
  select t.job_key, t.flush, v >> 16 as node_key, count(*) filter (where v & 32768 <> 0) as paid,
         count(*) filter (where v & 32768 = 0) as rejected, count(*) filter (where v & 16384 <> 0) as fast
    from public.tasks t cross join lateral unnest(t.votes) v
   group by 1, 2, 3
  union all
  select s.job_key, s.flush, s.node_key, count(*), 0, count(*) filter (where s.fast)
    from public.surplus_votes s group by 1, 2, 3),
-- A flush is settled by the first mark that is not before it.
marks as (
  select mark, min(upto) over (order by mark range between current row and unbounded following) as upto
    from (select distinct flush as mark, null::bigint as upto from votes
          union all select distinct upto, upto from public.settlements) m),
settled as (
  select m.mark, date_trunc('hour', min(s.created_at), 'UTC') as hour
    from (select distinct mark, upto from marks) m join public.settlements s on s.upto = m.upto group by m.mark),
derived as (
  select v.node_key, s.hour, j.currency, sum(v.paid) as paid, sum(v.rejected) as rejected,
         sum(v.paid * (j.price_micros - j.fee_micros) + v.fast * (j.bonus_micros - j.bonus_fee_micros)) as earned
    from votes v join settled s on s.mark = v.flush join public.jobs j on j.key = v.job_key
   group by 1, 2, 3),
hours as (
  select 'node ' || node_key || ' in the hour of ' || to_char(hour at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as place,
         currency, v.*
    from derived d full join public.node_hours h using (node_key, hour, currency)
   cross join lateral (values (', votes paid', d.paid, h.votes_paid), (', votes rejected', d.rejected, h.votes_rejected),
                              (', earned', d.earned, h.earned_micros)) v(what, expected, found)),
sums as (
  select node_key, currency, sum(votes_paid) as paid, sum(votes_rejected) as rejected, sum(earned_micros) as earned,
         sum(core_us) as core_us, sum(commission_micros) as commission, sum(pooled_micros) as pooled
    from public.node_hours group by 1, 2),
totals as (
  select 'node ' || node_key || ' in all' as place, currency, v.*
    from sums s full join public.node_totals t using (node_key, currency)
   cross join lateral (values
     (', votes paid', s.paid, t.votes_paid), (', votes rejected', s.rejected, t.votes_rejected),
     (', earned', s.earned, t.earned_micros), (', time of a core', s.core_us, t.core_us),
     (', commission', s.commission, t.commission_micros), (', pooled', s.pooled, t.pooled_micros)) v(what, expected, found)),
taken as (
  select n.owner_id as user_id, t.currency, sum(t.commission_micros) as commission, sum(t.pooled_micros) as pooled
    from public.node_totals t join public.nodes n on n.key = t.node_key group by 1, 2),
shared as (
  select user_id, currency, sum(commission_micros) as commission, sum(pooled_micros) as pooled
    from public.pool_shares group by 1, 2),
pooled as (
  select 'nodes of user ' || user_id as place, currency, v.*
    from shared s full join taken t using (user_id, currency)
   cross join lateral (values (', commission', s.commission, t.commission), (', pooled', s.pooled, t.pooled))
     v(what, expected, found))
select place || what as place, currency, coalesce(expected, 0)::bigint as expected, coalesce(found, 0)::bigint as found
  from (select * from hours union all select * from totals union all select * from pooled) q
 where coalesce(expected, 0) <> coalesce(found, 0)
 order by 1, 2
