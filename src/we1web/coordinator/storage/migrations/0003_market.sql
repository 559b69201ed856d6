-- Nodes, jobs, chunks, ended tasks, the vote log and blobs. Written by the service, read by their owners.

create table public.nodes (
  id uuid primary key default gen_random_uuid(),
  key bigint generated always as identity unique,
  owner_id uuid not null references public.users,
  owner_key bigint not null references public.users (key),
  name text not null check (length(name) between 1 and 100),
  status text not null default 'active' check (status in ('active', 'paused', 'retired')),
  cores int check (cores > 0),
  memory_bytes bigint check (memory_bytes > 0),
  runtimes text[] not null default '{}',
  speed real,
  platform text,
  online boolean not null default false,
  accepting boolean,
  reason text,
  load real,
  last_seen_at timestamptz,
  created_at timestamptz not null default now()
) with (fillfactor = 80);
create index nodes_owner on public.nodes (owner_id, key);

create function public.limit_nodes() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$ begin
  if new.status = 'retired' or (tg_op = 'UPDATE' and old.status <> 'retired') then return new; end if;
  perform 1 from public.users where id = new.owner_id for no key update;
  if (select count(*) from public.nodes where owner_id = new.owner_id and status <> 'retired') >= 100 then
    raise exception 'an account has at most 100 nodes that are not retired' using errcode = 'WE001', constraint = 'too_many_nodes';
  end if;
  return new;
end $$;
revoke execute on function public.limit_nodes() from public, anon, authenticated;
create trigger limit_nodes before insert or update of status on public.nodes
  for each row execute function public.limit_nodes();

create table public.node_reputations (
  node_key bigint not null references public.nodes (key),
  runtime text not null,
  passes double precision not null default 0,
  failures double precision not null default 0,
  cusum double precision not null default 0,
  expelled_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (node_key, runtime)
) with (fillfactor = 80);

create table public.jobs (
  id uuid primary key default gen_random_uuid(),
  key bigint generated always as identity unique,
  requester_id uuid not null references public.users,
  requester_key bigint not null references public.users (key),
  name text not null check (length(name) between 1 and 100),
  runtime text not null,
  runtime_id text not null,
  program bytea not null check (length(program) = 32),
  entry text not null,
  policy text not null,
  strategy text not null,
  price_micros bigint not null check (price_micros >= 0),
  fee_micros bigint not null check (fee_micros between 0 and price_micros),
  budget_micros bigint not null check (budget_micros >= 0),
  currency text not null default 'usd',
  wall_ms int not null check (wall_ms > 0),
  memory_bytes bigint not null check (memory_bytes > 0),
  output_bytes bigint not null check (output_bytes > 0),
  instructions bigint not null check (instructions >= 0),
  state text not null default 'open' check (state in ('open', 'running', 'done', 'cancelled')),
  total int not null default 0,
  verified int not null default 0,
  failed int not null default 0,
  executions bigint not null default 0,
  spent_micros bigint not null default 0 check (spent_micros between 0 and budget_micros),
  task_us bigint,
  created_at timestamptz not null default now(),
  closed_at timestamptz,
  ended_at timestamptz,
  deadline_at timestamptz
) with (fillfactor = 80);
create index jobs_requester on public.jobs (requester_id, key desc);
create index jobs_not_ended on public.jobs (key) where state in ('open', 'running');

create table public.chunks (
  id bigint generated always as identity primary key,
  job_key bigint not null references public.jobs (key),
  sequence int not null,
  first_index int not null check (first_index >= 0),
  n int not null check (n between 1 and 1048576),
  body bytea not null,
  bundle_size int check (bundle_size > 0),
  claimed_by text,
  done boolean not null default false,
  created_at timestamptz not null default now(),
  unique (job_key, sequence)
) with (fillfactor = 90);
alter table public.chunks alter column body set storage external;
create index chunks_not_done on public.chunks (id) where not done;

-- One appended row per ended task, never updated. No foreign key: a row costs microseconds here, and its writer owns the job.
create table public.tasks (
  id bigint primary key,
  job_key bigint not null,
  index int not null,
  state smallint not null check (state in (1, 2, 3)),
  flush bigint not null,
  digest bytea,
  outcome bytea,
  votes bigint[] not null default '{}'
);
alter table public.tasks alter column outcome set storage external;
create index tasks_in_order on public.tasks (job_key, flush, id);

create table public.vote_log (
  seq bigint primary key,
  body bytea not null
);
alter table public.vote_log alter column body set storage external;

create table public.settlements (
  id bigint generated always as identity primary key,
  upto bigint not null,
  created_at timestamptz not null default now()
);

create table public.blobs (
  digest bytea primary key check (length(digest) = 32),
  size bigint not null check (size >= 0),
  created_at timestamptz not null default now()
);

create table public.blob_owners (
  digest bytea not null references public.blobs,
  user_id uuid not null references public.users,
  primary key (digest, user_id)
);
create index blob_owners_user on public.blob_owners (user_id);

create table public.job_blobs (
  job_key bigint not null references public.jobs (key),
  digest bytea not null references public.blobs,
  primary key (job_key, digest)
);
create index job_blobs_digest on public.job_blobs (digest);

do $$ declare t text; begin
  foreach t in array array['nodes', 'node_reputations', 'jobs', 'chunks', 'tasks', 'vote_log', 'settlements',
                           'blobs', 'blob_owners', 'job_blobs'] loop
    execute format('alter table public.%I enable row level security', t);
    execute format('alter table public.%I force row level security', t);
    execute format('create policy service on public.%I to service_role using (true) with check (true)', t);
    execute format('revoke all on public.%I from public, anon, authenticated', t);
    execute format('grant select, insert, update, delete on public.%I to service_role', t);
  end loop;
end $$;

-- `= any (array(...))` is computed once and can use an index; `in (select ...)` in a policy makes every query scan the table.
create policy own on public.nodes to authenticated using (owner_id = (select auth.uid()));
create policy own on public.node_reputations for select to authenticated
  using (node_key = any (array(select n.key from public.nodes n where n.owner_id = (select auth.uid()))));
create policy own on public.jobs for select to authenticated using (requester_id = (select auth.uid()));
create policy own on public.chunks for select to authenticated
  using (job_key = any (array(select j.key from public.jobs j where j.requester_id = (select auth.uid()))));
create policy own on public.tasks for select to authenticated
  using (job_key = any (array(select j.key from public.jobs j where j.requester_id = (select auth.uid()))));
create policy own on public.blob_owners for select to authenticated using (user_id = (select auth.uid()));
create policy own on public.blobs for select to authenticated
  using (digest = any (array(select o.digest from public.blob_owners o where o.user_id = (select auth.uid()))));
create policy own on public.job_blobs for select to authenticated
  using (job_key = any (array(select j.key from public.jobs j where j.requester_id = (select auth.uid()))));

grant select, update (name, status) on public.nodes to authenticated;
grant select on public.node_reputations, public.jobs, public.chunks, public.tasks, public.blob_owners, public.blobs,
  public.job_blobs to authenticated;
