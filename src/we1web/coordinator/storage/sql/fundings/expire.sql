-- Bank transfers nobody sent, and sessions that never came to be (so nobody can have paid in them).
select id from public.fundings
 where state = 'open'
   and (expires_at is null and created_at < $1::timestamptz - interval '2 days'
        or rail = 'manual' and expires_at < $1::timestamptz)
 order by created_at limit $2
