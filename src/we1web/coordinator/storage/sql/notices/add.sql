-- Once, however often it is delivered.
insert into public.rail_notices (rail, id, type, account, object_id, received_at, next_attempt_at)
  values ($1, $2, $3, $4, $5, $6, $6)
  on conflict (rail, id) do nothing
  returning id
