-- Whose votes are shared by which of these locked pools ($2), on the terms in force.
select m.user_id, p.id as pool_id,
       case when p.next_at <= now() then p.next_commission_bps else p.commission_bps end as commission_bps,
       case when p.next_at <= now() then p.next_split else p.split end as split
  from public.pool_members m join public.pools p on p.id = m.pool_id
 where m.user_id = any($1::uuid[]) and m.left_at is null and p.id = any($2::uuid[])
