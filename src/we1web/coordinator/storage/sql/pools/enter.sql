-- No row: the user is in a pool.
insert into public.pool_members (pool_id, user_id, role, joined_at) values ($1, $2, $3, $4)
  on conflict (user_id) where left_at is null do nothing returning id
