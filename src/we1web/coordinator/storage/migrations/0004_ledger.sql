-- Double-entry ledger in integer micro-units. Positive = the platform owes that account; `world` goes negative when money
-- comes in; every transaction sums to zero per currency. Rows are immutable; a correction is a new transaction.

create schema ledger;
revoke all on schema ledger from public;

create table ledger.accounts (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('world', 'wallet', 'escrow', 'earnings', 'fees')),
  owner_id uuid,
  job_id uuid,
  currency text not null,
  -- Who may see it: its owner, or for an escrow its job's requester.
  viewer_id uuid,
  balance bigint not null default 0,
  -- The account's identity in one indexable value (`is not distinct from` over nullable columns cannot use an index).
  name text not null generated always as (kind || '/' || coalesce(owner_id::text, job_id::text, '') || '/' || currency) stored,
  constraint accounts_name unique (name),
  constraint accounts_of_one check (num_nonnulls(owner_id, job_id) <= 1),
  constraint accounts_not_overdrawn check (kind = 'world' or balance >= 0)
) with (fillfactor = 70);
create index accounts_owner on ledger.accounts (owner_id) where owner_id is not null;
create index accounts_viewer on ledger.accounts (viewer_id) where viewer_id is not null;
create index accounts_job on ledger.accounts (job_id) where job_id is not null;

create table ledger.transactions (
  id bigint generated always as identity primary key,
  key text not null unique,
  kind text not null,
  fingerprint bytea not null check (length(fingerprint) = 32),
  n int not null check (n >= 2),
  meta jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique (id, n)
);

-- (transaction_id, n) and 1 <= seq <= n: once a transaction has its n entries, nothing can be added to it.
create table ledger.entries (
  transaction_id bigint not null,
  seq int not null,
  n int not null,
  account_id bigint not null references ledger.accounts,
  amount bigint not null check (amount <> 0),
  primary key (transaction_id, seq),
  check (seq between 1 and n),
  foreign key (transaction_id, n) references ledger.transactions (id, n)
);
create index entries_account on ledger.entries (account_id, transaction_id);

create function ledger.refuse_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$ begin
  raise exception 'ledger rows are immutable' using errcode = 'restrict_violation';
end $$;
create trigger immutable before update or delete on ledger.transactions for each row execute function ledger.refuse_change();
create trigger immutable before update or delete on ledger.entries for each row execute function ledger.refuse_change();
create trigger kept before truncate on ledger.transactions execute function ledger.refuse_change();
create trigger kept before truncate on ledger.entries execute function ledger.refuse_change();
create trigger kept before truncate on ledger.accounts execute function ledger.refuse_change();

-- Once per transaction row, at commit.
create function ledger.check_balanced() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare unbalanced text; counted bigint; begin
  select string_agg(q.currency || ' ' || q.total, ', ') filter (where q.total <> 0), coalesce(sum(q.n), 0)
    into unbalanced, counted
    from (select a.currency, sum(e.amount) as total, count(*) as n from ledger.entries e
            join ledger.accounts a on a.id = e.account_id where e.transaction_id = new.id group by 1) q;
  if unbalanced is not null or counted <> new.n then
    raise exception 'ledger transaction % does not balance: % (% of % entries)', new.key, unbalanced, counted, new.n
      using errcode = 'check_violation', constraint = 'transactions_balanced';
  end if;
  return null;
end $$;
create constraint trigger balanced after insert on ledger.transactions deferrable initially deferred
  for each row execute function ledger.check_balanced();

-- Posts many transactions at once. Header arrays have one element per transaction; posting arrays one per entry, each
-- with the position of its transaction. Returns the keys that were posted now (the others had been posted before).
-- Order matters against deadlocks: missing accounts by name, then locks by id, then transactions by key.
create function ledger.post(
  keys text[], kinds text[], fingerprints bytea[], metas jsonb[],
  of_transaction int[], account_kinds text[], owners uuid[], jobs uuid[], currencies text[], amounts bigint[]
) returns setof text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare fresh bigint[]; fresh_positions int[]; names text[]; account_ids bigint[]; clash text; begin
  select array_agg(p.kind || '/' || coalesce(p.owner_id::text, p.job_id::text, '') || '/' || p.currency order by p.position)
    into names
    from unnest(account_kinds, owners, jobs, currencies) with ordinality p(kind, owner_id, job_id, currency, position);
  insert into ledger.accounts (kind, owner_id, job_id, currency, viewer_id)
    select p.kind, p.owner_id, p.job_id, p.currency,
           coalesce(p.owner_id, (select j.requester_id from public.jobs j where j.id = p.job_id))
      from (select distinct on (u.name) u.* from unnest(names, account_kinds, owners, jobs, currencies)
              u(name, kind, owner_id, job_id, currency) order by u.name) p
     where not exists (select from ledger.accounts a where a.name = p.name)
     order by p.name
    on conflict (name) do nothing;
  select array_agg(a.id order by p.position) into account_ids
    from unnest(names) with ordinality p(name, position) join ledger.accounts a on a.name = p.name;
  perform 1 from ledger.accounts a where a.id = any(account_ids) order by a.id for no key update;

  with posted as (
    insert into ledger.transactions (key, kind, fingerprint, n, meta)
      select t.key, t.kind, t.fingerprint, c.n, t.meta
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
  update ledger.accounts a set balance = a.balance + d.amount
    from (select e.account_id, sum(e.amount)::bigint as amount
            from unnest(of_transaction, account_ids, amounts) e(position, account_id, amount)
           where e.position = any(fresh_positions) group by 1) d
   where a.id = d.account_id;
  return query select keys[p] from unnest(fresh_positions) p order by p;
end $$;

do $$ declare t text; begin
  foreach t in array array['accounts', 'transactions', 'entries'] loop
    execute format('alter table ledger.%I enable row level security', t);
    execute format('alter table ledger.%I force row level security', t);
    execute format('create policy service on ledger.%I for select to service_role using (true)', t);
    execute format('revoke all on ledger.%I from public, anon, authenticated, service_role', t);
    execute format('grant select on ledger.%I to authenticated, service_role', t);
  end loop;
end $$;
create policy own on ledger.accounts for select to authenticated
  using (viewer_id = (select auth.uid()));
create policy own on ledger.entries for select to authenticated
  using (account_id = any (array(select a.id from ledger.accounts a where a.viewer_id = (select auth.uid()))));
create policy own on ledger.transactions for select to authenticated
  using (exists (select from ledger.entries e where e.transaction_id = id));

grant usage on schema ledger to authenticated, service_role;
revoke execute on all functions in schema ledger from public;
grant execute on function
  ledger.post(text[], text[], bytea[], jsonb[], int[], text[], uuid[], uuid[], text[], bigint[]) to service_role;

create view public.user_balances with (security_invoker = true) as
  select a.viewer_id as user_id, a.currency,
         coalesce(sum(a.balance) filter (where a.kind = 'wallet'), 0)::bigint as wallet_micros,
         coalesce(sum(a.balance) filter (where a.kind = 'earnings'), 0)::bigint as earnings_micros,
         coalesce(sum(a.balance) filter (where a.kind = 'escrow'), 0)::bigint as held_micros
    from ledger.accounts a
   where a.viewer_id is not null
   group by a.viewer_id, a.currency;
revoke all on public.user_balances from public, anon, authenticated;
grant select on public.user_balances to authenticated, service_role;
