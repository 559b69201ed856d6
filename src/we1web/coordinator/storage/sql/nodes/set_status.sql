-- The status of one's own node; a retired node stays retired.
with before as (select id, status from public.nodes where id = $1 and owner_id = $2 for update)
update public.nodes n
   set status = case when before.status = 'retired' then 'retired' else $3 end
  from before where n.id = before.id
returning n.*
