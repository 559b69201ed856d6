insert into public.node_reputations as r (node_key, runtime, passes, failures, cusum, expelled_at, updated_at)
select u.node_key, u.runtime, u.passes, u.failures, u.cusum, case when u.expelled then now() end, now()
  from unnest($1::bigint[], $2::text[], $3::float8[], $4::float8[], $5::float8[], $6::bool[])
    as u(node_key, runtime, passes, failures, cusum, expelled)
on conflict (node_key, runtime) do update
   set passes = excluded.passes, failures = excluded.failures, cusum = excluded.cusum,
       expelled_at = coalesce(r.expelled_at, excluded.expelled_at), updated_at = now()
