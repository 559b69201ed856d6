-- Each job: its escrow holds the budget less what was settled and given back; nothing once the job has ended.
with moved as (
  select a.job_id, a.currency, sum(e.amount) filter (where t.kind <> 'hold') as left_it, sum(e.amount) as total
    from ledger.accounts a
    join ledger.entries e on e.account_id = a.id
    join ledger.transactions t on t.id = e.transaction_id
   where a.kind = 'escrow'
   group by 1, 2),
held as (
  select a.job_id, a.currency, b.balance from ledger.accounts a join ledger.balances b on b.id = a.id
   where a.kind = 'escrow')
select 'escrow of job ' || coalesce(j.id, h.job_id) as place, coalesce(j.currency, h.currency) as currency,
       case when j.id is null or j.ended_at is not null then 0
            else j.budget_micros + coalesce(m.left_it, 0) end::bigint as expected,
       coalesce(h.balance, 0)::bigint as found
  from public.jobs j
  full join held h on h.job_id = j.id and h.currency = j.currency
  left join moved m on m.job_id = h.job_id and m.currency = h.currency
 where coalesce(h.balance, 0) <>
       case when j.id is null or j.ended_at is not null then 0 else j.budget_micros + coalesce(m.left_it, 0) end
 order by 1
