-- The entries of one account in a period, in the order in which they happened.
select t.created_at, t.id as transaction_id, t.kind, t.key, t.meta, e.amount
  from ledger.accounts a join ledger.entries e on e.account_id = a.id
  join ledger.transactions t on t.id = e.transaction_id
 where a.owner_id = $1 and a.kind = $2 and a.currency = $3 and t.created_at >= $4 and t.created_at < $5
 order by t.created_at, t.id, e.seq
