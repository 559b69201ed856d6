-- Each entry that waits to be folded: it is an entry of the ledger, in a hot account.
select a.name || ' in transaction ' || u.transaction_id as place, a.currency,
       coalesce(e.amount, 0)::bigint as expected, u.amount as found
  from ledger.unfolded u
  join ledger.accounts a on a.id = u.account_id
  left join ledger.entries e on e.transaction_id = u.transaction_id and e.account_id = u.account_id
 where not a.hot or e.amount is distinct from u.amount
 order by u.account_id, u.transaction_id
