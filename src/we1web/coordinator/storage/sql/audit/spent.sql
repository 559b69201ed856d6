-- Each job: what it says it spent is what its settlements took and what its newest votes, not settled yet, will take.
with last as (select coalesce(max(upto), 0) as upto from public.settlements),
settled as (
  select a.job_id, -sum(e.amount) as amount
    from ledger.entries e
    join ledger.accounts a on a.id = e.account_id and a.kind = 'escrow'
    join ledger.transactions t on t.id = e.transaction_id and t.kind = 'settle'
   group by 1),
ahead as (
  select job_key, sum(votes) as votes
    from (select t.job_key, cardinality(array(select v from unnest(t.votes) v where v & 32768 <> 0)) as votes
            from public.tasks t where t.flush > (select upto from last)
          union all
          select s.job_key, 1 from public.surplus_votes s where s.flush > (select upto from last)) v
   group by job_key)
select 'spent by job ' || j.id as place, j.currency,
       (coalesce(s.amount, 0) + coalesce(a.votes, 0) * j.price_micros)::bigint as expected, j.spent_micros as found
  from public.jobs j
  left join settled s on s.job_id = j.id
  left join ahead a on a.job_key = j.key
 where j.spent_micros <> coalesce(s.amount, 0) + coalesce(a.votes, 0) * j.price_micros
 order by 1
