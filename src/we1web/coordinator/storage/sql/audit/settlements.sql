-- Each settlement, account by account, against the votes themselves: the agreed votes of tasks and the surplus votes of
-- the flushes that it covers, times what one of them earns, with the bonus of those that were in time (bit 14);
-- and of that, what the terms of a pool share.
with votes as materialized (
  select t.job_key, t.flush, v >> 16 as node_key, count(*) as votes, count(*) filter (where v & 16384 <> 0) as fast
    from public.tasks t cross join lateral unnest(t.votes) v
   where v & 32768 <> 0
   group by 1, 2, 3
  union all
  select s.job_key, s.flush, s.node_key, count(*), count(*) filter (where s.fast) from public.surplus_votes s group by 1, 2, 3),
-- A flush is settled by the first mark that is not before it.
marks as (
  select mark, min(upto) over (order by mark range between current row and unbounded following) as upto
    from (select distinct flush as mark, null::bigint as upto from votes
          union all select distinct upto, upto from public.settlements) m),
due as (
  select j.id as job, m.upto, n.owner_id, j.currency,
         sum(v.votes * j.price_micros + v.fast * j.bonus_micros) as cost,
         sum(v.votes * j.fee_micros + v.fast * j.bonus_fee_micros) as fee
    from votes v
    join (select distinct mark, upto from marks where upto is not null) m on m.mark = v.flush
    join public.jobs j on j.key = v.job_key
    join public.nodes n on n.key = v.node_key
   where j.price_micros > 0
   group by 1, 2, 3, 4),
parted as (
  select 'settle:' || d.job || ':' || d.upto as key, d.*, (d.cost - d.fee)::bigint as earned, s.pool_id,
         coalesce(s.split, '') = 'equal' as pools,
         coalesce((d.cost - d.fee)::bigint * s.commission_bps / 10000, 0) as commission
    from due d
    join public.jobs j on j.id = d.job
    left join public.pool_shares s on s.upto = d.upto and s.job_key = j.key and s.user_id = d.owner_id),
derived as (
  select key, 'earnings/' || owner_id || '/' || currency as name, currency,
         sum(case when pools then 0 else earned - commission end) as amount from parted group by 1, 2, 3
  union all
  select key, 'pool/' || pool_id || '/' || currency, currency, sum(commission) from parted where pool_id is not null group by 1, 2, 3
  union all
  select key, 'pot/' || pool_id || '/' || currency, currency, sum(earned - commission) from parted where pools group by 1, 2, 3
  union all
  select key, 'share of ' || owner_id, currency, sum(earned) from parted where pool_id is not null group by 1, 2, 3
  union all
  select key, 'fees//' || currency, currency, sum(fee) from parted group by 1, 2, 3
  union all
  select key, 'escrow/' || job || '/' || currency, currency, -sum(cost) from parted group by 1, 2, 3),
posted as (
  select t.key, a.name, a.currency, e.amount
    from ledger.transactions t
    join ledger.entries e on e.transaction_id = t.id
    join ledger.accounts a on a.id = e.account_id
   where t.kind = 'settle'
  union all
  select 'settle:' || j.id || ':' || s.upto, 'share of ' || s.user_id, s.currency, s.gross_micros
    from public.pool_shares s join public.jobs j on j.key = s.job_key)
select key || ', ' || name as place, coalesce(d.currency, p.currency) as currency,
       coalesce(d.amount, 0)::bigint as expected, coalesce(p.amount, 0)::bigint as found
  from derived d full join posted p using (key, name)
 where coalesce(d.amount, 0) <> coalesce(p.amount, 0)
 order by 1
