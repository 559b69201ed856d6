-- What a user earned from $2 to before $3, by job and currency, the newest earning first; what a pool gave is of no job.
select case when t.kind in ('settle', 'compensate') then split_part(t.key, ':', 2)::uuid end as job, a.currency,
       sum(e.amount)::bigint as earned_micros, max(t.created_at) as at
  from ledger.accounts a join ledger.entries e on e.account_id = a.id
  join ledger.transactions t on t.id = e.transaction_id
 where a.owner_id = $1 and a.kind = 'earnings' and t.kind = any($6::text[])
   and t.created_at >= $2 and t.created_at < $3
 group by 1, 2
 order by max(t.id) desc, 1, 2
offset $4 limit $5
