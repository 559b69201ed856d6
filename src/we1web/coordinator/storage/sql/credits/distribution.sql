-- What a distribution ($1) split: whose pot it was, among how many, and how many votes of all members had filled it since
-- the one before.
with pot as (
  select e.account_id, a.pool_id, coalesce((select max(p.transaction_id) from ledger.entries p
                                             where p.account_id = e.account_id and p.transaction_id < $1
                                               and p.amount < 0), 0) as after
    from ledger.entries e join ledger.accounts a on a.id = e.account_id
   where e.transaction_id = $1 and a.kind = 'pot'),
filled as (
  select split_part(t.key, ':', 2)::uuid as job, split_part(t.key, ':', 3)::bigint as upto, pot.pool_id
    from pot
    join ledger.entries e on e.account_id = pot.account_id and e.transaction_id > pot.after and e.transaction_id < $1
    join ledger.transactions t on t.id = e.transaction_id)
select p.name, pot.after,
       (select count(*) from ledger.entries e join ledger.accounts a on a.id = e.account_id
         where e.transaction_id = $1 and a.kind = 'earnings') as members,
       (select coalesce(sum(s.votes), 0)::bigint
          from filled f join public.jobs j on j.id = f.job
          join public.pool_shares s on s.job_key = j.key and s.upto = f.upto and s.pool_id = f.pool_id) as votes
  from pot join public.pools p on p.id = pot.pool_id
