-- What came to and went from a user's wallet and earnings, newest first, before (transaction, seq).
select e.transaction_id, e.seq, t.created_at, t.kind, t.key, t.meta, e.amount
  from ledger.entries e
  join ledger.transactions t on t.id = e.transaction_id
 where e.account_id in (select a.id from ledger.accounts a where a.owner_id = $1)
   and (e.transaction_id, e.seq) < ($2, $3)
 order by e.transaction_id desc, e.seq desc
 limit $4
