-- The name of one's own node, which it keeps from now on.
update public.nodes set name = $3, renamed = true where id = $1 and owner_id = $2 returning id
