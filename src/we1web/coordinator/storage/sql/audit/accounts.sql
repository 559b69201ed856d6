-- Each account: what it holds (appended entries included) against the sum of its entries.
select a.name as place, a.currency, coalesce(e.total, 0)::bigint as expected, b.balance as found
  from ledger.accounts a
  join ledger.balances b on b.id = a.id
  left join (select account_id, sum(amount) as total from ledger.entries group by account_id) e on e.account_id = a.id
 where b.balance <> coalesce(e.total, 0)
 order by a.id
