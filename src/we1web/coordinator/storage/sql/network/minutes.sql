-- The last hour, minute by minute, the present one last; a minute in which nothing was settled has no row of its own.
select g.minute as at, coalesce(m.verified, 0) as verified, coalesce(m.failed, 0) as failed,
       coalesce(m.votes_paid, 0) as votes_paid, coalesce(m.votes_rejected, 0) as votes_rejected
  from generate_series(date_trunc('minute', now()) - interval '59 minutes', date_trunc('minute', now()),
                       interval '1 minute') g(minute)
  left join public.network_minutes m on m.minute = g.minute
 order by g.minute
