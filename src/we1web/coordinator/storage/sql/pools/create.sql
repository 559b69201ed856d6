-- No row: the name is taken.
insert into public.pools (name, commission_bps, split, key_digest, split_at, created_at) values ($1, $2, $3, $4, $5, $5)
  on conflict do nothing returning *
