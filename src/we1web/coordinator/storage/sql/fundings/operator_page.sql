-- Bank transfers that an operator may confirm, newest first; with a reference ($1) that one, whatever became of it.
select f.*, u.email from public.fundings f join public.users u on u.id = f.user_id
 where f.rail = 'manual' and f.key < $2
   and case when $1::text is null then f.state = 'open' else f.reference = $1 end
 order by f.key desc limit $3
