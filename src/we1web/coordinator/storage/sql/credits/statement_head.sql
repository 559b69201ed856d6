-- Whose account it is; what it held before $4; and how many entries it has from then to before $5.
select u.email, coalesce(u.display_name, '') as name, u.key,
       (select coalesce(sum(e.amount), 0)::bigint
          from ledger.accounts a join ledger.entries e on e.account_id = a.id
          join ledger.transactions t on t.id = e.transaction_id
         where a.owner_id = $1 and a.kind = $2 and a.currency = $3 and t.created_at < $4) as opening_micros,
       (select count(*)
          from ledger.accounts a join ledger.entries e on e.account_id = a.id
          join ledger.transactions t on t.id = e.transaction_id
         where a.owner_id = $1 and a.kind = $2 and a.currency = $3
           and t.created_at >= $4 and t.created_at < $5) as lines
  from public.users u where u.id = $1
