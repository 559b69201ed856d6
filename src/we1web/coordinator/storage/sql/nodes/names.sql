-- The public ids of nodes, for the votes that name their keys.
select key, id from public.nodes where key = any($1::bigint[])
