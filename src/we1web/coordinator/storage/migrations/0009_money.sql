-- Money that comes in, goes out and changes its currency: accounts for rails, pools and positions, hot accounts that are
-- appended to and folded, the actor and cause of every transaction, and the rows of payouts, fundings and rates.

-- Accounts: named by a pool or a rail as well; some kinds may be negative.
alter table ledger.accounts
  drop constraint accounts_kind_check,
  drop constraint accounts_of_one,
  drop constraint accounts_not_overdrawn,
  drop constraint accounts_name,
  drop column name;
alter table ledger.accounts
  add pool_id uuid,
  add rail text,
  add constraint accounts_kind check (kind in ('world', 'wallet', 'escrow', 'earnings', 'debt', 'pool', 'pot', 'fees',
                                               'clearing', 'costs', 'in_flight', 'fx', 'rounding')),
  add constraint accounts_of_one check (num_nonnulls(owner_id, job_id, pool_id, rail) <= 1),
  add constraint accounts_not_overdrawn
    check (balance >= 0 or kind in ('world', 'clearing', 'costs', 'fx', 'rounding', 'debt')),
  add constraint accounts_debt check (kind <> 'debt' or balance <= 0),
  -- All traffic meets in these: they are appended to (ledger.unfolded) instead of being locked and updated.
  add hot boolean not null generated always as (kind in ('world', 'fees', 'clearing', 'costs', 'fx', 'rounding')) stored,
  add name text not null generated always as
    (kind || '/' || coalesce(owner_id::text, job_id::text, pool_id::text, rail, '') || '/' || currency) stored,
  add constraint accounts_name unique (name);
create index accounts_pool on ledger.accounts (pool_id) where pool_id is not null;

alter table ledger.transactions
  add actor_kind text not null default 'unknown'
    check (actor_kind in ('unknown', 'user', 'operator', 'market', 'rail', 'loop')),
  add actor_id text not null default '',
  add cause text not null default '';
alter table ledger.transactions
  alter actor_kind drop default, alter actor_id drop default, alter cause drop default;
create index transactions_time on ledger.transactions (created_at);

create table ledger.unfolded (
  account_id bigint not null references ledger.accounts,
  transaction_id bigint not null,
  amount bigint not null,
  primary key (account_id, transaction_id)
);

-- Adds what was appended to a hot account to its balance. The account must be locked by the caller.
create function ledger.fold_locked(account bigint) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare added bigint; folded bigint; begin
  with gone as (delete from ledger.unfolded where account_id = account returning amount)
  select coalesce(sum(amount), 0), count(*) into added, folded from gone;
  if folded > 0 then update ledger.accounts set balance = balance + added where id = account; end if;
  return folded;
end $$;

-- One account after the other, each left out while somebody has it: rows folded.
create function ledger.fold() returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare found_id bigint; folded bigint := 0; begin
  for found_id in
    select a.id from ledger.accounts a
     where a.hot and exists (select from ledger.unfolded u where u.account_id = a.id)
     order by a.id for no key update skip locked
  loop
    folded := folded + ledger.fold_locked(found_id);
  end loop;
  return folded;
end $$;

-- As before, and: pools and rails, hot accounts, and who did it. A hot account that must not be negative (fees) is locked
-- and folded when it is debited, else only appended to.
drop function ledger.post(text[], text[], bytea[], jsonb[], int[], text[], uuid[], uuid[], text[], bigint[]);
create function ledger.post(
  keys text[], kinds text[], fingerprints bytea[], metas jsonb[],
  of_transaction int[], account_kinds text[], owners uuid[], jobs uuid[], pools uuid[], rails text[],
  currencies text[], amounts bigint[], actor_kind text, actor_id text, cause text
) returns setof text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare fresh bigint[]; fresh_positions int[]; names text[]; account_ids bigint[]; clash text; debited bigint; begin
  select array_agg(p.kind || '/' || coalesce(p.owner_id::text, p.job_id::text, p.pool_id::text, p.rail, '')
                          || '/' || p.currency order by p.position)
    into names
    from unnest(account_kinds, owners, jobs, pools, rails, currencies)
           with ordinality p(kind, owner_id, job_id, pool_id, rail, currency, position);
  insert into ledger.accounts (kind, owner_id, job_id, pool_id, rail, currency, viewer_id)
    select p.kind, p.owner_id, p.job_id, p.pool_id, p.rail, p.currency,
           coalesce(p.owner_id, (select j.requester_id from public.jobs j where j.id = p.job_id))
      from (select distinct on (u.name) u.* from unnest(names, account_kinds, owners, jobs, pools, rails, currencies)
              u(name, kind, owner_id, job_id, pool_id, rail, currency) order by u.name) p
     where not exists (select from ledger.accounts a where a.name = p.name)
     order by p.name
    on conflict (name) do nothing;
  select array_agg(a.id order by p.position) into account_ids
    from unnest(names) with ordinality p(name, position) join ledger.accounts a on a.name = p.name;
  perform 1 from ledger.accounts a
    where a.id = any(account_ids)
      and (not a.hot or (a.kind = 'fees' and exists (
            select from unnest(account_ids, amounts) e(account_id, amount) where e.account_id = a.id and e.amount < 0)))
    order by a.id for no key update;

  with posted as (
    insert into ledger.transactions (key, kind, fingerprint, n, meta, actor_kind, actor_id, cause)
      select t.key, t.kind, t.fingerprint, c.n, t.meta, post.actor_kind, post.actor_id, post.cause
        from unnest(keys, kinds, fingerprints, metas) with ordinality t(key, kind, fingerprint, meta, position)
        join (select o.position, count(*) as n from unnest(of_transaction) o(position) group by 1) c using (position)
       order by t.key
      on conflict (key) do nothing returning id, key)
  select array_agg(p.id), array_agg(t.position) into fresh, fresh_positions
    from posted p join unnest(keys) with ordinality t(key, position) on t.key = p.key;
  select t.key into clash from unnest(keys, fingerprints) t(key, fingerprint)
    join ledger.transactions x on x.key = t.key where x.fingerprint <> t.fingerprint limit 1;
  if found then
    raise exception 'ledger key % was used for other postings', clash using errcode = 'unique_violation', constraint = 'transactions_key_reused';
  end if;

  insert into ledger.entries (transaction_id, seq, n, account_id, amount)
    select f.id, row_number() over (partition by f.id order by e.ordinality), count(*) over (partition by f.id),
           e.account_id, e.amount
      from unnest(of_transaction, account_ids, amounts) with ordinality e(position, account_id, amount)
      join unnest(fresh, fresh_positions) f(id, position) on f.position = e.position;
  insert into ledger.unfolded (account_id, transaction_id, amount)
    select e.account_id, f.id, e.amount
      from unnest(of_transaction, account_ids, amounts) e(position, account_id, amount)
      join unnest(fresh, fresh_positions) f(id, position) on f.position = e.position
      join ledger.accounts a on a.id = e.account_id and a.hot;
  update ledger.accounts a set balance = a.balance + d.amount
    from (select e.account_id, sum(e.amount)::bigint as amount
            from unnest(of_transaction, account_ids, amounts) e(position, account_id, amount)
           where e.position = any(fresh_positions) group by 1) d
   where a.id = d.account_id and not a.hot;
  for debited in
    select distinct a.id from unnest(of_transaction, account_ids, amounts) e(position, account_id, amount)
      join ledger.accounts a on a.id = e.account_id
     where a.kind = 'fees' and e.amount < 0 and e.position = any(fresh_positions) order by a.id
  loop
    perform ledger.fold_locked(debited);
  end loop;
  return query select keys[p] from unnest(fresh_positions) p order by p;
end $$;

alter table ledger.unfolded enable row level security;
alter table ledger.unfolded force row level security;
create policy service on ledger.unfolded for select to service_role using (true);
revoke all on ledger.unfolded from public, anon, authenticated, service_role;
grant select on ledger.unfolded to service_role;
revoke execute on function ledger.fold_locked(bigint), ledger.fold(),
  ledger.post(text[], text[], bytea[], jsonb[], int[], text[], uuid[], uuid[], uuid[], text[], text[], bigint[], text, text, text)
  from public;
grant execute on function ledger.fold(),
  ledger.post(text[], text[], bytea[], jsonb[], int[], text[], uuid[], uuid[], uuid[], text[], text[], bigint[], text, text, text)
  to service_role;

-- What every account holds, appended entries included.
create view ledger.balances with (security_invoker = true) as
  select a.id, a.kind, a.owner_id, a.job_id, a.pool_id, a.rail, a.currency, a.viewer_id,
         a.balance + coalesce((select sum(u.amount) from ledger.unfolded u where a.hot and u.account_id = a.id), 0)::bigint as balance
    from ledger.accounts a;
revoke all on ledger.balances from public, anon, authenticated, service_role;
grant select on ledger.balances to service_role;

create or replace view public.user_balances with (security_invoker = true) as
  select a.viewer_id as user_id, a.currency,
         coalesce(sum(a.balance) filter (where a.kind = 'wallet'), 0)::bigint as wallet_micros,
         coalesce(sum(a.balance) filter (where a.kind = 'earnings'), 0)::bigint as earnings_micros,
         coalesce(sum(a.balance) filter (where a.kind = 'escrow'), 0)::bigint as held_micros,
         coalesce(-sum(a.balance) filter (where a.kind = 'debt'), 0)::bigint as debt_micros
    from ledger.accounts a
   where a.viewer_id is not null
   group by a.viewer_id, a.currency;

-- Where a contributor's money goes: an account at Stripe, or a bank account an operator pays to by hand.
create table public.payout_accounts (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.users,
  rail text not null check (rail in ('stripe', 'manual')),
  country text not null check (country ~ '^[A-Z]{2}$'),
  currency text not null,
  holder text not null default '' check (length(holder) <= 140),
  -- The rail's id of the account, or an IBAN.
  destination text not null check (length(destination) between 1 and 255),
  status text not null check (status in ('pending', 'active', 'restricted', 'closed')),
  -- What the rail still wants to know, in its words; empty when nothing.
  wants text[] not null default '{}',
  created_at timestamptz not null default now(),
  checked_at timestamptz
);
create unique index payout_accounts_one on public.payout_accounts (user_id, rail) where status <> 'closed';
create unique index payout_accounts_destination on public.payout_accounts (destination) where rail = 'stripe';

create table public.payout_batches (
  id uuid primary key default gen_random_uuid(),
  key bigint generated always as identity unique,
  message_id text not null unique check (length(message_id) between 1 and 35),
  currency text not null,
  n int not null check (n > 0),
  total_micros bigint not null check (total_micros > 0),
  execution_date date not null,
  state text not null default 'exported' check (state in ('exported', 'closed')),
  created_by uuid not null references public.users,
  created_at timestamptz not null default now(),
  closed_at timestamptz
);

create table public.payouts (
  id uuid primary key default gen_random_uuid(),
  key bigint generated always as identity unique,
  user_id uuid not null references public.users,
  account_id uuid not null references public.payout_accounts,
  rail text not null,
  currency text not null,
  gross_micros bigint not null check (gross_micros > 0),
  fee_micros bigint not null check (fee_micros >= 0 and fee_micros < gross_micros),
  -- What was earned in another currency and exchanged for it.
  source_currency text,
  source_micros bigint check (source_micros > 0),
  state text not null default 'requested'
    check (state in ('requested', 'reserved', 'transferred', 'paid', 'failed', 'returned')),
  automatic boolean not null default false,
  -- Why it waits or what went wrong: a code, and the rail's words.
  reason text not null default '',
  detail text not null default '' check (length(detail) <= 500),
  attempts int not null default 0,
  first_attempt_at timestamptz,
  next_attempt_at timestamptz not null default now(),
  requested_at timestamptz not null default now(),
  transferred_at timestamptz,
  paid_at timestamptz,
  ended_at timestamptz,
  -- The rail's names: of the transfer, of what arrived at the account, of the bank's payout.
  transfer_id text,
  arrival_id text,
  bank_id text,
  batch_id uuid references public.payout_batches,
  check ((source_currency is null) = (source_micros is null))
) with (fillfactor = 80);
create index payouts_user on public.payouts (user_id, key desc);
create index payouts_due on public.payouts (rail, next_attempt_at) where state in ('requested', 'reserved');
create index payouts_travelling on public.payouts (rail, transferred_at) where state = 'transferred';
create unique index payouts_transfer on public.payouts (transfer_id) where transfer_id is not null;
create index payouts_arrival on public.payouts (arrival_id) where arrival_id is not null;
create index payouts_batch on public.payouts (batch_id) where batch_id is not null;

-- When a contributor wants to be paid without asking.
create table public.payout_plans (
  user_id uuid primary key references public.users,
  every text not null check (every in ('never', 'daily', 'weekly', 'monthly')),
  currency text not null,
  threshold_micros bigint not null check (threshold_micros >= 0),
  next_on date,
  updated_at timestamptz not null default now(),
  check ((every = 'never') = (next_on is null))
);
create index payout_plans_due on public.payout_plans (next_on) where next_on is not null;

create table public.fundings (
  id uuid primary key default gen_random_uuid(),
  key bigint generated always as identity unique,
  user_id uuid not null references public.users,
  rail text not null check (rail in ('stripe', 'manual')),
  currency text not null,
  amount_micros bigint not null check (amount_micros > 0),
  cost_micros bigint not null default 0 check (cost_micros >= 0),
  state text not null default 'open' check (state in ('open', 'processing', 'paid', 'expired', 'failed')),
  refunded_micros bigint not null default 0 check (refunded_micros between 0 and amount_micros),
  disputed_micros bigint not null default 0 check (disputed_micros >= 0),
  -- What the payer writes on a bank transfer.
  reference text unique,
  session_id text unique,
  payment_id text,
  charge_id text,
  url text,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  checked_at timestamptz,
  ended_at timestamptz
) with (fillfactor = 80);
create index fundings_user on public.fundings (user_id, key desc);
create index fundings_open on public.fundings (rail, created_at) where state in ('open', 'processing');
create unique index fundings_charge on public.fundings (charge_id) where charge_id is not null;

create table public.funding_refunds (
  id uuid primary key default gen_random_uuid(),
  key bigint generated always as identity unique,
  funding_id uuid not null references public.fundings,
  user_id uuid not null references public.users,
  amount_micros bigint not null check (amount_micros > 0),
  state text not null default 'requested' check (state in ('requested', 'sent', 'done', 'failed')),
  reason text not null default '',
  attempts int not null default 0,
  first_attempt_at timestamptz,
  next_attempt_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  refund_id text unique
);
create index funding_refunds_user on public.funding_refunds (user_id, key desc);
create index funding_refunds_funding on public.funding_refunds (funding_id);
create index funding_refunds_open on public.funding_refunds (next_attempt_at) where state in ('requested', 'sent');

-- What a rail told us: stored once, answered, worked through later by reading the object again.
create table public.rail_notices (
  rail text not null,
  id text not null check (length(id) between 1 and 255),
  type text not null,
  account text not null default '',
  object_id text not null default '',
  received_at timestamptz not null default now(),
  next_attempt_at timestamptz not null default now(),
  attempts int not null default 0,
  done_at timestamptz,
  error text not null default '',
  primary key (rail, id)
);
create index rail_notices_due on public.rail_notices (next_attempt_at) where done_at is null;

-- Every movement a rail reports on the money it holds for us, once, and the ledger transaction that explains it.
create table public.rail_movements (
  rail text not null,
  id text not null,
  currency text not null,
  amount_micros bigint not null,
  fee_micros bigint not null,
  net_micros bigint not null,
  type text not null,
  source text not null default '',
  at timestamptz not null,
  explained_by text,
  seen_at timestamptz not null default now(),
  primary key (rail, id),
  check (net_micros = amount_micros - fee_micros)
);
create index rail_movements_open on public.rail_movements (rail, at) where explained_by is null;
create index rail_movements_time on public.rail_movements (rail, at desc);

-- What the last comparison of a rail's movements with our clearing account found.
create table public.rail_checks (
  rail text not null,
  currency text not null,
  checked_at timestamptz not null,
  rail_micros bigint not null,
  clearing_micros bigint not null,
  difference_micros bigint not null,
  unexplained int not null,
  primary key (rail, currency)
);

create table public.fx_rates (
  day date not null,
  base text not null,
  quote text not null check (quote <> base),
  nanos bigint not null check (nanos > 0),
  source text not null,
  loaded_at timestamptz not null default now(),
  primary key (day, base, quote)
);

-- Every change of state around money that is not a posting, with who did it and why. Appended to, never changed.
create table public.money_events (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  user_id uuid references public.users,
  actor_kind text not null check (actor_kind in ('user', 'operator', 'market', 'rail', 'loop')),
  actor_id text not null,
  cause text not null,
  subject_kind text not null,
  subject_id text not null,
  event text not null,
  detail jsonb not null default '{}'
);
create index money_events_subject on public.money_events (subject_kind, subject_id, id);
create index money_events_user on public.money_events (user_id, id desc);
create trigger immutable before update or delete on public.money_events for each row execute function ledger.refuse_change();
create trigger kept before truncate on public.money_events execute function ledger.refuse_change();

do $$ declare t text; begin
  foreach t in array array['payout_accounts', 'payout_batches', 'payouts', 'payout_plans', 'fundings', 'funding_refunds',
                           'rail_notices', 'rail_movements', 'rail_checks', 'fx_rates', 'money_events'] loop
    execute format('alter table public.%I enable row level security', t);
    execute format('alter table public.%I force row level security', t);
    execute format('create policy service on public.%I to service_role using (true) with check (true)', t);
    execute format('revoke all on public.%I from public, anon, authenticated', t);
    execute format('grant select, insert, update, delete on public.%I to service_role', t);
  end loop;
  foreach t in array array['payout_accounts', 'payouts', 'payout_plans', 'fundings', 'funding_refunds', 'money_events'] loop
    execute format('create policy own on public.%I for select to authenticated using (user_id = (select auth.uid()))', t);
    execute format('grant select on public.%I to authenticated', t);
  end loop;
end $$;
