update public.pools
   set commission_bps = $2, split = $3, next_commission_bps = $4, next_split = $5, next_at = $6
 where id = $1
returning *
