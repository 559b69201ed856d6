-- Open ones that were not read for a while: often at first, then every hour.
select * from public.fundings
 where rail = 'stripe' and state in ('open', 'processing')
   and coalesce(checked_at, created_at) < $1::timestamptz - case when created_at > $1::timestamptz - interval '2 hours'
                                                                 then interval '2 minutes' else interval '1 hour' end
 order by coalesce(checked_at, created_at)
 limit $2
