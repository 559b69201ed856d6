-- skip on: supabase
-- What a Supabase project brings along, for a plain PostgreSQL >= 15: the API roles, the auth schema, auth.uid().
-- One thing is stricter than Supabase: claims are believed only when they carry a seal (HMAC bound to this backend and
-- this transaction), so raw SQL running as `authenticated` cannot become somebody else with set_config().

do $$ begin
  if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin noinherit; end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin noinherit; end if;
  if not exists (select from pg_roles where rolname = 'service_role') then create role service_role nologin noinherit bypassrls; end if;
end $$;

create schema auth;
revoke all on schema auth from public;
grant usage on schema auth to anon, authenticated, service_role;

create table auth.users (
  id uuid primary key default gen_random_uuid(),
  aud text not null default 'authenticated',
  role text not null default 'authenticated',
  email text not null,
  encrypted_password text not null,
  email_confirmed_at timestamptz,
  last_sign_in_at timestamptz,
  raw_app_meta_data jsonb not null default '{}',
  raw_user_meta_data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index users_email_key on auth.users (lower(email));

create table auth.sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users on delete cascade,
  created_at timestamptz not null default now(),
  refreshed_at timestamptz
);
create index sessions_user on auth.sessions (user_id);

-- `token` holds the SHA-256 of the refresh token in hex, never the token.
create table auth.refresh_tokens (
  id bigint generated always as identity primary key,
  token text not null unique,
  session_id uuid not null references auth.sessions on delete cascade,
  parent text,
  used_at timestamptz,
  created_at timestamptz not null default now()
);
create index refresh_tokens_session on auth.refresh_tokens (session_id);

do $$ declare t text; begin
  foreach t in array array['users', 'sessions', 'refresh_tokens'] loop
    execute format('alter table auth.%I enable row level security', t);
    execute format('alter table auth.%I force row level security', t);
    execute format('create policy service on auth.%I to service_role using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on auth.%I to service_role', t);
  end loop;
end $$;

-- The seal: one HMAC key, written by the coordinator, readable by nobody but the owner of the functions below.
create schema we1_private;
revoke all on schema we1_private from public;
create table we1_private.seal (
  only_one boolean primary key default true check (only_one),
  ipad bytea not null,
  opad bytea not null
);
alter table we1_private.seal enable row level security;
alter table we1_private.seal force row level security;
create policy nobody on we1_private.seal using (false);

create function we1_private.hmac(message text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select encode(sha256(opad || sha256(ipad || convert_to(message, 'utf8'))), 'hex') from we1_private.seal
$$;

-- Bound to this backend and this transaction; the prefix keeps a seal from ever being taken for a proof.
create function we1_private.seal_of(claims text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select we1_private.hmac(concat_ws('|', 'seal', pg_backend_pid(), extract(epoch from transaction_timestamp()), claims))
$$;

create function we1_private.enter(claims text, proof text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$ begin
  if proof is distinct from we1_private.hmac('proof|' || claims) then
    raise exception 'claims without a valid proof' using errcode = 'insufficient_privilege';
  end if;
  perform set_config('request.jwt.claims', claims, true), set_config('request.jwt.seal', we1_private.seal_of(claims), true);
end $$;

create function auth.jwt() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare claims text := nullif(current_setting('request.jwt.claims', true), ''); begin
  if claims is null or current_setting('request.jwt.seal', true) is distinct from we1_private.seal_of(claims) then
    return null;
  end if;
  return claims::jsonb;
end $$;

create function auth.uid() returns uuid language sql stable set search_path = pg_catalog, pg_temp as $$
  select (auth.jwt() ->> 'sub')::uuid
$$;

create function auth.role() returns text language sql stable set search_path = pg_catalog, pg_temp as $$
  select auth.jwt() ->> 'role'
$$;

revoke execute on all functions in schema we1_private, auth from public;
grant execute on function auth.jwt(), auth.uid(), auth.role() to anon, authenticated, service_role;

revoke create on schema public from public;
grant usage on schema public to anon, authenticated, service_role;
