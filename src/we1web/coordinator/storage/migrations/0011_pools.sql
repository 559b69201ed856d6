-- Pools: members share what their votes earn. Who is in which, on what terms, and what each settlement shared.

create table public.pools (
  id uuid primary key default gen_random_uuid(),
  key bigint generated always as identity unique,
  name text not null check (length(name) between 1 and 64),
  commission_bps int not null check (commission_bps between 0 and 5000),
  split text not null check (split in ('contribution', 'equal')),
  -- Terms that were announced: in force from next_at on, whoever has written them down above by then.
  next_commission_bps int check (next_commission_bps between 0 and 5000),
  next_split text check (next_split in ('contribution', 'equal')),
  next_at timestamptz,
  -- SHA-256 of the key to join with; null: nobody can join before there is a new one.
  key_digest bytea unique check (length(key_digest) = 32),
  -- How often a pot was split, whose turn it is to get an indivisible rest, and when that was looked at last.
  rounds bigint not null default 0,
  turn int not null default 0,
  split_at timestamptz not null,
  created_at timestamptz not null,
  closed_at timestamptz,
  check (num_nulls(next_commission_bps, next_split, next_at) in (0, 3)),
  check (closed_at is null or key_digest is null)
) with (fillfactor = 80);
create unique index pools_name on public.pools (lower(name));
create index pools_due on public.pools (split_at) where closed_at is null;

create table public.pool_members (
  id bigint generated always as identity primary key,
  pool_id uuid not null references public.pools,
  user_id uuid not null references public.users,
  role text not null check (role in ('owner', 'manager', 'member')),
  joined_at timestamptz not null,
  left_at timestamptz
);
create unique index pool_members_one_pool on public.pool_members (user_id) where left_at is null;
create unique index pool_members_one_owner on public.pool_members (pool_id) where role = 'owner' and left_at is null;
create index pool_members_pool on public.pool_members (pool_id, id) where left_at is null;

-- What a settlement (flush `upto`) shared of what one member's votes for one job earned, on the terms of that moment.
create table public.pool_shares (
  upto bigint not null,
  job_key bigint not null,
  user_id uuid not null references public.users,
  pool_id uuid not null references public.pools,
  currency text not null,
  votes bigint not null check (votes > 0),
  gross_micros bigint not null check (gross_micros > 0),
  commission_bps int not null,
  split text not null,
  commission_micros bigint not null check (commission_micros >= 0),
  pooled_micros bigint not null check (pooled_micros >= 0),
  primary key (upto, job_key, user_id),
  check (commission_micros + pooled_micros <= gross_micros)
);
create index pool_shares_user on public.pool_shares (user_id, upto);
create trigger immutable before update or delete on public.pool_shares for each row execute function ledger.refuse_change();

create table public.pool_totals (
  pool_id uuid not null references public.pools,
  currency text not null,
  votes bigint not null,
  gross_micros bigint not null,
  commission_micros bigint not null,
  pooled_micros bigint not null,
  primary key (pool_id, currency)
) with (fillfactor = 70);

-- Of what a node earned: what its owner's pool kept, and what went into the pot.
alter table public.node_totals
  add commission_micros bigint not null default 0, add pooled_micros bigint not null default 0;
alter table public.node_hours
  add commission_micros bigint not null default 0, add pooled_micros bigint not null default 0;

do $$ declare t text; begin
  foreach t in array array['pools', 'pool_members', 'pool_shares', 'pool_totals'] loop
    execute format('alter table public.%I enable row level security', t);
    execute format('alter table public.%I force row level security', t);
    execute format('create policy service on public.%I to service_role using (true) with check (true)', t);
    execute format('revoke all on public.%I from public, anon, authenticated', t);
    execute format('grant select, insert, update, delete on public.%I to service_role', t);
  end loop;
end $$;

-- Members see their pool and themselves; of each other only what the API tells: public name and role.
create policy own on public.pool_members for select to authenticated using (user_id = (select auth.uid()));
create policy own on public.pool_shares for select to authenticated using (user_id = (select auth.uid()));
create policy own on public.pools for select to authenticated
  using (id = any (array(select m.pool_id from public.pool_members m
                          where m.user_id = (select auth.uid()) and m.left_at is null)));
grant select on public.pool_members, public.pool_shares to authenticated;
grant select (id, key, name, commission_bps, split, next_commission_bps, next_split, next_at, created_at, closed_at)
  on public.pools to authenticated;
