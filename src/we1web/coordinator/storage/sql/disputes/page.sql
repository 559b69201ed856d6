-- Disputes of a user's jobs ($2) and of a user's nodes ($3), newest first, before an id. Materialized: with a limit in
-- sight the planner would walk through everybody's.
with mine as materialized (
  select id from public.disputes
   where $2 and job_key = any (array(select j.key from public.jobs j where j.requester_id = $1))
  union
  select id from public.disputes
   where $3 and nodes && array(select n.key from public.nodes n where n.owner_id = $1))
select d.* from public.disputes d join mine using (id)
 where d.id < $4
 order by d.id desc
 limit $5
