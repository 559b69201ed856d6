-- The pool that a user is in; as a user, one's own only.
select pool_id, role from public.pool_members where user_id = $1 and left_at is null
