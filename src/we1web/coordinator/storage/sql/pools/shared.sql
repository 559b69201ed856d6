update public.pools set rounds = rounds + $2::bool::int, turn = $3, split_at = $4 where id = $1
