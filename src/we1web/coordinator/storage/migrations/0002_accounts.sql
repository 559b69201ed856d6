-- People, their API tokens, their idempotency keys, and the secrets of the service.

-- Our own login roles, one per pool: a user connection cannot become service_role, whatever SQL runs on it.
do $$ begin
  if not exists (select from pg_roles where rolname = 'we1_user') then create role we1_user login noinherit; end if;
  if not exists (select from pg_roles where rolname = 'we1_service') then create role we1_service login noinherit; end if;
end $$;
grant anon, authenticated to we1_user;
grant service_role to we1_service;
do $$ begin
  if to_regnamespace('we1_private') is not null then
    grant usage on schema we1_private to we1_user;
    grant execute on function we1_private.enter(text, text) to we1_user;
  end if;
end $$;

create table public.users (
  id uuid primary key references auth.users,
  key bigint generated always as identity unique,
  email text not null,
  display_name text,
  is_operator boolean not null default false,
  created_at timestamptz not null default now()
);
create index users_email on public.users (lower(email));

create table public.api_tokens (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.users,
  name text not null check (length(name) between 1 and 100),
  scopes text[] not null check (scopes <@ array['node', 'jobs'] and cardinality(scopes) > 0),
  digest bytea not null unique check (length(digest) = 32),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_tokens_user on public.api_tokens (user_id, created_at);

create table public.idempotency_keys (
  user_id uuid not null references public.users,
  key text not null check (length(key) between 1 and 200),
  route text not null,
  fingerprint bytea not null,
  status int,
  body jsonb,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);
create index idempotency_keys_age on public.idempotency_keys (created_at);

create table public.secrets (
  name text primary key,
  value bytea not null
);

-- Every sign-up, ours or a Supabase project's, becomes one of our users.
create function public.follow_auth_user() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$ begin
  insert into public.users (id, email, display_name)
  values (new.id, coalesce(new.email, ''), left(new.raw_user_meta_data ->> 'display_name', 100))
  on conflict (id) do update set email = excluded.email;
  return new;
end $$;
revoke execute on function public.follow_auth_user() from public, anon, authenticated;
create trigger we1_follow_auth_user after insert or update of email on auth.users
  for each row execute function public.follow_auth_user();

do $$ declare t text; begin
  foreach t in array array['users', 'api_tokens', 'idempotency_keys', 'secrets'] loop
    execute format('alter table public.%I enable row level security', t);
    execute format('alter table public.%I force row level security', t);
    execute format('create policy service on public.%I to service_role using (true) with check (true)', t);
    execute format('revoke all on public.%I from public, anon, authenticated', t);
    execute format('grant select, insert, update, delete on public.%I to service_role', t);
  end loop;
end $$;

create policy own on public.users to authenticated using (id = (select auth.uid()));
create policy own on public.api_tokens to authenticated using (user_id = (select auth.uid()));
create policy own on public.idempotency_keys to authenticated using (user_id = (select auth.uid()));
grant select, update (display_name) on public.users to authenticated;
grant select (id, user_id, name, scopes, created_at, last_used_at, expires_at, revoked_at) on public.api_tokens to authenticated;
grant select on public.idempotency_keys to authenticated;
