-- What a user has in a currency, and owes (positive).
select coalesce(sum(balance) filter (where kind = 'wallet'), 0)::bigint as wallet_micros,
       coalesce(-sum(balance) filter (where kind = 'debt'), 0)::bigint as debt_micros
  from ledger.accounts where owner_id = $1 and currency = $2 and kind in ('wallet', 'debt')
