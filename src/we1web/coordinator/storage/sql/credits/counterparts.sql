-- The other side of a transaction, by kind of account: whose accounts they are is nobody's business.
select a.kind, a.currency, count(*) as accounts, sum(e.amount)::bigint as amount
  from ledger.entries e join ledger.accounts a on a.id = e.account_id
 where e.transaction_id = $1 and a.viewer_id is distinct from $2
 group by a.kind, a.currency
 order by a.kind, a.currency
