-- What came to and went from a user's accounts of one kind ($2: wallet, earnings, escrow), newest first, before
-- (transaction, seq); and what is in them now, of the same moment. Account by account, because each has an index of its
-- own; what an entry belongs to is looked up for the entries of this page only.
with mine as (select id, balance from ledger.accounts where viewer_id = $1 and kind = $2 and currency = $3),
newest as materialized (
  select e.* from mine m
   cross join lateral (select p.transaction_id, p.seq, p.amount from ledger.entries p
                        where p.account_id = m.id and (p.transaction_id, p.seq) < ($4, $5)
                        order by p.transaction_id desc, p.seq desc limit $6) e
   order by e.transaction_id desc, e.seq desc
   limit $6)
select e.*, t.created_at, t.kind, t.key, t.meta, (select sum(balance) from mine)::bigint as balance_now
  from newest e join ledger.transactions t on t.id = e.transaction_id
 order by e.transaction_id desc, e.seq desc
