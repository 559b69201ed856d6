delete from public.rail_notices where done_at < $1::timestamptz - interval '30 days' returning id
