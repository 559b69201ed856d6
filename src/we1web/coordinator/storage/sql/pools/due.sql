-- Pools whose pot waits since before $1, or whose announced terms are due at $2: the longest waiting first.
select p.id, (select count(*) from public.pool_members m where m.pool_id = p.id and m.left_at is null) as members
  from public.pools p
 where p.closed_at is null
   and (p.next_at <= $2
        or (p.split_at <= $1
            and exists (select from ledger.balances b where b.pool_id = p.id and b.kind = 'pot' and b.balance > 0)))
 order by p.split_at
 limit $3
