-- What a user earned from $2 to before $3, by currency.
select a.currency, sum(e.amount)::bigint as earned_micros, max(t.created_at) as at
  from ledger.accounts a join ledger.entries e on e.account_id = a.id
  join ledger.transactions t on t.id = e.transaction_id
 where a.owner_id = $1 and a.kind = 'earnings' and t.kind = any($6::text[])
   and t.created_at >= $2 and t.created_at < $3
 group by 1
 order by 1
offset $4 limit $5
