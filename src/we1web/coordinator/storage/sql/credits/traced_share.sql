-- What a settlement ($1: job, $2: its flush) shared of a member's reward.
select p.name, s.commission_bps, s.split, s.commission_micros, s.pooled_micros
  from public.pool_shares s join public.pools p on p.id = s.pool_id
 where s.job_key = $1 and s.upto = $2 and s.user_id = $3
