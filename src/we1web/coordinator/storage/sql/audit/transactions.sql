-- Each transaction: its entries sum to zero in every currency.
select t.key as place, a.currency, 0::bigint as expected, sum(e.amount)::bigint as found
  from ledger.entries e
  join ledger.accounts a on a.id = e.account_id
  join ledger.transactions t on t.id = e.transaction_id
 group by t.id, t.key, a.currency
having sum(e.amount) <> 0
 order by t.id
