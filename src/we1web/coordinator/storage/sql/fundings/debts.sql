select currency, -balance as debt_micros from ledger.accounts
 where owner_id = $1 and kind = 'debt' and balance < 0 order by currency
