-- Each share of a pool, and each pool's sums: the terms of the share give its parts, the shares the sums.
with parts as (
  select 'share of user ' || s.user_id || ' in flush ' || s.upto || ' of job ' || s.job_key as place, s.currency, v.*
    from public.pool_shares s
   cross join lateral (select s.gross_micros * s.commission_bps / 10000 as commission) c
   cross join lateral (values
     (', commission', c.commission, s.commission_micros),
     (', pooled', case s.split when 'equal' then s.gross_micros - c.commission else 0 end, s.pooled_micros))
     v(what, expected, found)),
sums as (
  select pool_id, currency, sum(votes) as votes, sum(gross_micros) as gross, sum(commission_micros) as commission,
         sum(pooled_micros) as pooled
    from public.pool_shares group by 1, 2),
totals as (
  select 'pool ' || pool_id as place, currency, v.*
    from sums s full join public.pool_totals t using (pool_id, currency)
   cross join lateral (values (', votes', s.votes, t.votes), (', earned', s.gross, t.gross_micros),
                              (', commission', s.commission, t.commission_micros),
                              (', pooled', s.pooled, t.pooled_micros)) v(what, expected, found))
select place || what as place, currency, coalesce(expected, 0)::bigint as expected, coalesce(found, 0)::bigint as found
  from (select * from parts union all select * from totals) q
 where coalesce(expected, 0) <> coalesce(found, 0)
 order by 1
