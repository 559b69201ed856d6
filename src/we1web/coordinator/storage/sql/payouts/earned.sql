select coalesce(sum(balance), 0)::bigint from ledger.accounts
 where kind = 'earnings' and owner_id = $1 and currency = $2
