-- How many notices wait, and those that failed, the oldest first.
select count(*) over () as n, rail, id, type, received_at, attempts, next_attempt_at, error
  from public.rail_notices where done_at is null
 order by error = '', received_at limit $1
