-- Members by their public names and roles, in the order they joined, after $2.
select m.id, m.user_id, m.role, m.joined_at, coalesce(u.display_name, '') as name
  from public.pool_members m join public.users u on u.id = m.user_id
 where m.pool_id = $1 and m.left_at is null and m.id > $2
 order by m.id
 limit $3
