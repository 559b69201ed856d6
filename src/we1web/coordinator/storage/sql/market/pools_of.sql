-- The pools that these users are in; nobody joins, leaves or changes the terms before this transaction ends.
select p.id from public.pools p
 where p.id in (select m.pool_id from public.pool_members m where m.user_id = any($1::uuid[]) and m.left_at is null)
 order by p.id
   for share
