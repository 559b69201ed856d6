-- Since when the oldest open task waits, in seconds; no row when nothing is open.
select greatest(extract(epoch from now() - created_at), 0)::float8 from public.chunks where not done order by id limit 1
