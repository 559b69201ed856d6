-- The document that follows the one of version $3 (0: there was none); no row when another came in between.
insert into public.preferences as p (user_id, version, document, updated_at)
select $1, 1, $2, $4 where $3 = 0 or exists (select from public.preferences where user_id = $1)
on conflict (user_id) do update
   set version = p.version + 1, document = excluded.document, updated_at = excluded.updated_at
 where p.version = $3
returning version, document, updated_at
