-- Each vote that a referee found right after all: its owner was paid for it once; a contest says how much.
with ruled as (
  select c.dispute_id, c.truth from public.contests c where c.state <> 'waiting' group by 1, 2),
due as (
  select distinct 'compensate:' || j.id || ':' || d.id || ':' || n.owner_id as key, d.id as dispute_id, n.owner_id,
         j.currency, j.price_micros - j.fee_micros as amount
    from ruled r
    join public.disputes d on d.id = r.dispute_id
    join public.jobs j on j.key = d.job_key
   cross join lateral unnest(d.nodes, d.digests, d.paid) v(node_key, digest, paid)
    join public.nodes n on n.key = v.node_key
   where v.digest = r.truth and not v.paid and j.price_micros > j.fee_micros),
posted as (
  select t.key, a.currency, sum(e.amount) as amount
    from ledger.transactions t
    join ledger.entries e on e.transaction_id = t.id
    join ledger.accounts a on a.id = e.account_id and a.kind = 'earnings'
   where t.kind = 'compensate'
   group by t.key, a.currency)
select key as place, coalesce(d.currency, p.currency) as currency, coalesce(d.amount, 0)::bigint as expected,
       coalesce(p.amount, 0)::bigint as found
  from due d full join posted p using (key)
 where coalesce(d.amount, 0) <> coalesce(p.amount, 0)
union all
select 'contest of dispute ' || c.dispute_id || ' by ' || c.user_id, coalesce(d.currency, ''),
       coalesce(d.amount, 0)::bigint, c.paid_micros
  from public.contests c
  left join due d on d.dispute_id = c.dispute_id and d.owner_id = c.user_id and c.state = 'overturned'
 where c.paid_micros <> coalesce(d.amount, 0)
 order by 1
