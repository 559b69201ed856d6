select coalesce(sum(balance), 0)::bigint from ledger.balances where kind = 'fees' and currency = $1
