-- Nothing is settled, joined or left while it is held.
select * from public.pools where id = $1 and closed_at is null for update
