-- Each job: what it says it spent is what its settlements took and what its newest votes, not settled yet, will take.
with last as (select coalesce(max(upto), 0) as upto from public.settlements),
settled as (
  select a.job_id, -sum(e.amount) as amount
    from ledger.entries e
    join ledger.accounts a on a.id = e.account_id and a.kind = 'escrow'
    join ledger.transactions t on t.id = e.transaction_id and t.kind = 'settle'
   group by 1),
ahead as (
  select v.job_key, sum(j.price_micros + case when v.fast then j.bonus_micros else 0 end) as amount
    from (select t.job_key, vote & 16384 <> 0 as fast
            from public.tasks t cross join lateral unnest(t.votes) vote
           where t.flush > (select upto from last) and vote & 32768 <> 0
          union all
          select s.job_key, s.fast from public.surplus_votes s where s.flush > (select upto from last)) v
    join public.jobs j on j.key = v.job_key
   group by 1)
select 'spent by job ' || j.id as place, j.currency,
       (coalesce(s.amount, 0) + coalesce(a.amount, 0))::bigint as expected, j.spent_micros as found
  from public.jobs j
  left join settled s on s.job_id = j.id
  left join ahead a on a.job_key = j.key
 where j.spent_micros <> coalesce(s.amount, 0) + coalesce(a.amount, 0)
 order by 1
