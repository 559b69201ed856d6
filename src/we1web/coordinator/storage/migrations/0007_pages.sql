-- What the pages of the web app show and the tables before did not hold: what a job is for, what each node earned and
-- when, the network minute by minute, and a person's preferences.

-- A line for the people whose devices do the work; everybody may read it.
alter table public.jobs add purpose text not null default '' check (length(purpose) <= 200);

-- Whoever changes the public name in their profile changes it everywhere.
create function public.follow_auth_profile() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$ begin
  if new.raw_user_meta_data ->> 'display_name' is distinct from old.raw_user_meta_data ->> 'display_name' then
    update public.users set display_name = left(new.raw_user_meta_data ->> 'display_name', 100) where id = new.id;
  end if;
  return new;
end $$;
revoke execute on function public.follow_auth_profile() from public, anon, authenticated;
create trigger we1_follow_auth_profile after update of raw_user_meta_data on auth.users
  for each row execute function public.follow_auth_profile();

-- Tasks by their place in the input order: a task's id follows from its chunk, so ended tasks need no index for it but
-- for the rare ones that somebody looks for among many others.
create index chunks_place on public.chunks (job_key, first_index);
create index tasks_without_value on public.tasks (job_key, index) where state <> 1;
create index nodes_online on public.nodes (country) where online;

-- What the votes of a node came to: all of them, and by the hour (of the settlement). Written by the journal with each
-- settlement, a few times a second at most. core_us is votes times the job's measured mean time for one task.
create table public.node_totals (
  node_key bigint not null references public.nodes (key),
  currency text not null,
  votes_paid bigint not null default 0,
  votes_rejected bigint not null default 0,
  earned_micros bigint not null default 0,
  core_us bigint not null default 0,
  primary key (node_key, currency)
) with (fillfactor = 70);
create table public.node_hours (
  node_key bigint not null references public.nodes (key),
  hour timestamptz not null,
  currency text not null,
  votes_paid bigint not null default 0,
  votes_rejected bigint not null default 0,
  earned_micros bigint not null default 0,
  core_us bigint not null default 0,
  primary key (node_key, hour, currency)
) with (fillfactor = 70);
create index node_hours_hour on public.node_hours (hour);

create table public.network_minutes (
  minute timestamptz primary key,
  verified bigint not null default 0,
  failed bigint not null default 0,
  votes_paid bigint not null default 0,
  votes_rejected bigint not null default 0
) with (fillfactor = 70);

create table public.preferences (
  user_id uuid primary key references public.users,
  version int not null check (version > 0),
  document jsonb not null,
  updated_at timestamptz not null default now()
);

do $$ declare t text; begin
  foreach t in array array['node_totals', 'node_hours', 'network_minutes', 'preferences'] loop
    execute format('alter table public.%I enable row level security', t);
    execute format('alter table public.%I force row level security', t);
    execute format('create policy service on public.%I to service_role using (true) with check (true)', t);
    execute format('revoke all on public.%I from public, anon, authenticated', t);
    execute format('grant select, insert, update, delete on public.%I to service_role', t);
  end loop;
end $$;

create policy own on public.node_totals for select to authenticated
  using (node_key = any (array(select n.key from public.nodes n where n.owner_id = (select auth.uid()))));
create policy own on public.node_hours for select to authenticated
  using (node_key = any (array(select n.key from public.nodes n where n.owner_id = (select auth.uid()))));
create policy own on public.preferences for select to authenticated using (user_id = (select auth.uid()));
grant select on public.node_totals, public.node_hours, public.preferences to authenticated;

-- A Supabase project's sessions have this column already.
do $$ begin
  if to_regnamespace('we1_private') is not null then alter table auth.sessions add user_agent text; end if;
end $$;
