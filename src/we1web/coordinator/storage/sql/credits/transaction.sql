-- One ledger transaction, with the entries of it that the caller may see.
select t.id, t.key, t.kind, t.created_at, t.meta, t.actor_kind, t.actor_id, t.cause, a.kind as account, a.currency, e.amount
  from ledger.transactions t
  join ledger.entries e on e.transaction_id = t.id
  join ledger.accounts a on a.id = e.account_id
 where t.id = $1
 order by e.seq
