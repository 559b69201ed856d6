-- What a pool has in its accounts of one kind (pool: the treasury; pot). Read it with the pool locked.
select currency, balance from ledger.balances where pool_id = $1 and kind = $2 and balance > 0 order by currency
