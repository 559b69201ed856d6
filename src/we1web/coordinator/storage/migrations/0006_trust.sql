-- What trust needs: how a job wants to be judged and where it may run, what nodes say of themselves, and the record of
-- every dispute.

alter table public.jobs
  add validator text not null default 'exact',
  add validator_parameters jsonb not null default '{}',
  add epsilon double precision check (epsilon > 0 and epsilon < 1),
  add hold_s double precision check (hold_s >= 0),
  add requirements jsonb not null default '{}',
  add weight real not null default 1 check (weight > 0),
  add priority smallint not null default 0 check (priority between -1 and 1),
  add verifier bytea check (length(verifier) = 32),
  add verifier_entry text not null default '',
  -- The job's report: the sum of the stated errors of its accepted results, how many of them rest on one vote, how many
  -- nodes gave these, and how many tasks a referee ran.
  add error_sum double precision not null default 0 check (error_sum >= 0),
  add singles bigint not null default 0,
  add single_voters int not null default 0,
  add referee_runs bigint not null default 0;

alter table public.nodes
  add gpu text not null default '',
  add country text not null default '' check (country ~ '^([A-Z]{2})?$'),
  add floor_micros_per_h bigint not null default 0 check (floor_micros_per_h >= 0),
  add network text not null default '',
  add referee text not null default '';

-- What the policy stated as the chance that the accepted outcome is wrong; null in rows from before it was stated.
alter table public.tasks add error real;

-- One row per dispute that ended; the arrays are parallel: who voted, for what, how heavily, and whether it is paid.
create table public.disputes (
  id bigint generated always as identity primary key,
  task_id bigint not null,
  job_key bigint not null,
  index int not null,
  opened_at timestamptz not null,
  resolved_at timestamptz not null,
  how text not null check (how in ('referee', 'panel', 'exhausted', 'gave_up', 'cancelled')),
  accepted bytea,
  truth bytea,
  nodes bigint[] not null,
  digests bytea[] not null,
  weights real[] not null,
  paid boolean[] not null,
  check (cardinality(nodes) = cardinality(digests) and cardinality(nodes) = cardinality(weights)
         and cardinality(nodes) = cardinality(paid))
);
create index disputes_task on public.disputes (task_id);
create index disputes_job on public.disputes (job_key, id desc);
create index disputes_nodes on public.disputes using gin (nodes);

-- A contributor says that an unpaid vote was right: once per dispute and owner, decided by the operator's own referee.
create table public.contests (
  dispute_id bigint not null references public.disputes,
  user_id uuid not null references public.users,
  created_at timestamptz not null default now(),
  state text not null default 'waiting' check (state in ('waiting', 'upheld', 'overturned')),
  truth bytea,
  decided_at timestamptz,
  paid_micros bigint not null default 0 check (paid_micros >= 0),
  primary key (dispute_id, user_id),
  check ((state = 'waiting') = (decided_at is null))
);
create index contests_user on public.contests (user_id, created_at);
create index contests_waiting on public.contests (created_at) where state = 'waiting';

do $$ declare t text; begin
  foreach t in array array['disputes', 'contests'] loop
    execute format('alter table public.%I enable row level security', t);
    execute format('alter table public.%I force row level security', t);
    execute format('create policy service on public.%I to service_role using (true) with check (true)', t);
    execute format('revoke all on public.%I from public, anon, authenticated', t);
    execute format('grant select, insert, update, delete on public.%I to service_role', t);
    execute format('grant select on public.%I to authenticated', t);
  end loop;
end $$;

create policy own on public.disputes for select to authenticated
  using (job_key = any (array(select j.key from public.jobs j where j.requester_id = (select auth.uid())))
         or nodes && array(select n.key from public.nodes n where n.owner_id = (select auth.uid())));
create policy own on public.contests for select to authenticated using (user_id = (select auth.uid()));
