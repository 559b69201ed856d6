-- Oldest first, after a key.
select * from public.nodes where owner_id = $1 and key > $2 order by key limit $3
