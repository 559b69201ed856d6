insert into we1_private.seal (ipad, opad) values ($1, $2) on conflict (only_one) do update set ipad = excluded.ipad, opad = excluded.opad
