-- What all accounts of a kind hold, and of kinds that are named by a rail what each rail's do.
select currency, kind, coalesce(rail, '') as rail, sum(balance)::bigint as micros
  from ledger.balances
 group by 1, 2, 3
 order by 1, 2, 3
