-- One contest for each dispute and owner; no row when there is one already.
insert into public.contests (dispute_id, user_id, created_at) values ($1, $2, $3)
on conflict do nothing
returning dispute_id
