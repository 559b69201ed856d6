-- Each job: its budget was held, whole and once.
select 'hold of job ' || j.id as place, j.currency, j.budget_micros as expected, coalesce(h.amount, 0)::bigint as found
  from public.jobs j
  left join (select t.key, sum(e.amount) as amount
               from ledger.transactions t
               join ledger.entries e on e.transaction_id = t.id
               join ledger.accounts a on a.id = e.account_id and a.kind = 'escrow'
              where t.kind = 'hold' group by t.key) h on h.key = 'hold:' || j.id
 where j.budget_micros <> coalesce(h.amount, 0)
 order by 1
