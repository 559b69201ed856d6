-- Each transaction: it has as many entries as it was posted with.
select t.key as place, '' as currency, t.n::bigint as expected, count(e.seq) as found
  from ledger.transactions t left join ledger.entries e on e.transaction_id = t.id
 group by t.id
having count(e.seq) <> t.n
 order by t.id
