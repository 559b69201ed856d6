with gone as (update public.pool_members set left_at = $2 where pool_id = $1 and left_at is null)
update public.pools
   set closed_at = $2, key_digest = null, next_commission_bps = null, next_split = null, next_at = null
 where id = $1
