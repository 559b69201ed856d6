select coalesce(sum(balance), 0)::bigint from ledger.accounts where kind = 'fees' and currency = $1
