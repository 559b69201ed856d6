-- Each currency: all accounts together hold nothing.
select 'all accounts' as place, b.currency, 0::bigint as expected, sum(b.balance)::bigint as found
  from ledger.balances b group by b.currency having sum(b.balance) <> 0 order by b.currency
