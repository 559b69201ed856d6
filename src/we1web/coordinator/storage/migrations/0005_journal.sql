-- What the journal writes beside ended tasks and the vote log, and an index that keeps claiming flat.

-- Correct work that was asked for but not needed any more when it came: paid all the same, once.
create table public.surplus_votes (
  task_id bigint not null,
  node_key bigint not null,
  job_key bigint not null,
  flush bigint not null,
  primary key (task_id, node_key)
);
create index surplus_votes_flush on public.surplus_votes (flush);
alter table public.surplus_votes enable row level security;
alter table public.surplus_votes force row level security;
create policy service on public.surplus_votes to service_role using (true) with check (true);
create policy own on public.surplus_votes for select to authenticated
  using (node_key = any (array(select n.key from public.nodes n where n.owner_id = (select auth.uid())))
         or job_key = any (array(select j.key from public.jobs j where j.requester_id = (select auth.uid()))));
revoke all on public.surplus_votes from public, anon, authenticated;
grant select, insert, update, delete on public.surplus_votes to service_role;
grant select on public.surplus_votes to authenticated;

create index tasks_flush on public.tasks using brin (flush);
create index chunks_unclaimed on public.chunks (id) where not done and claimed_by is null;
