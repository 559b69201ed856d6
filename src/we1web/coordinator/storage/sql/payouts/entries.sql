select t.id, t.key, t.kind, t.created_at, a.kind as account, a.currency, e.amount
  from ledger.transactions t join ledger.entries e on e.transaction_id = t.id join ledger.accounts a on a.id = e.account_id
 where t.key = any($1) order by t.id, e.seq
