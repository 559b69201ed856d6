select kind, currency, count(*) as accounts, sum(balance)::bigint as balance_micros
  from ledger.balances
 group by kind, currency
 order by currency, kind
