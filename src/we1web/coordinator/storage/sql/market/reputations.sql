select r.node_key, r.runtime, r.passes, r.failures, r.cusum, r.expelled_at is not null as expelled
  from public.node_reputations r
 where r.node_key = any($1::bigint[])
