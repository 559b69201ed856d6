-- What a settlement (flush $1) shared, by job and member, and the sums of their pools.
with rows as (
  insert into public.pool_shares (upto, job_key, user_id, pool_id, currency, votes, gross_micros, commission_bps, split,
                                  commission_micros, pooled_micros)
  select $1, u.* from unnest($2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[], $8::int[],
                             $9::text[], $10::bigint[], $11::bigint[]) u
  returning *)
insert into public.pool_totals as t (pool_id, currency, votes, gross_micros, commission_micros, pooled_micros)
select pool_id, currency, sum(votes), sum(gross_micros), sum(commission_micros), sum(pooled_micros)
  from rows group by pool_id, currency order by pool_id, currency
on conflict (pool_id, currency) do update
   set votes = t.votes + excluded.votes, gross_micros = t.gross_micros + excluded.gross_micros,
       commission_micros = t.commission_micros + excluded.commission_micros,
       pooled_micros = t.pooled_micros + excluded.pooled_micros
