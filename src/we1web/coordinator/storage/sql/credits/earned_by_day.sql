-- What a user earned from $2 to before $3, by day of UTC and currency, newest first.
select date_trunc('day', t.created_at, 'UTC') as at, a.currency, sum(e.amount)::bigint as earned_micros
  from ledger.accounts a join ledger.entries e on e.account_id = a.id
  join ledger.transactions t on t.id = e.transaction_id
 where a.owner_id = $1 and a.kind = 'earnings' and t.kind = any($6::text[])
   and t.created_at >= $2 and t.created_at < $3
 group by 1, 2
 order by 1 desc, 2
offset $4 limit $5
