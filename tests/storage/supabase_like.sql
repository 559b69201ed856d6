-- The parts of a Supabase project's database that matter to our schema, as its own migrations leave them: the API roles,
-- an auth schema that belongs to supabase_auth_admin, an admin who is no superuser, and generous default privileges.
create role supabase_auth_admin nologin noinherit createrole;
do $$ begin
  if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin noinherit; end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin noinherit; end if;
  if not exists (select from pg_roles where rolname = 'service_role') then create role service_role nologin noinherit bypassrls; end if;
end $$;
create role project_admin login createrole createdb bypassrls;
grant anon, authenticated, service_role to project_admin with admin option;
create schema auth authorization supabase_auth_admin;
grant usage on schema auth to anon, authenticated, service_role, project_admin;
set role supabase_auth_admin;
create table auth.users (
  id uuid primary key, email varchar(255), encrypted_password varchar(255),
  raw_user_meta_data jsonb, created_at timestamptz default now()
);
create function auth.uid() returns uuid language sql stable as $$
  select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
grant execute on function auth.uid() to public;
grant all on auth.users to project_admin with grant option;
reset role;
grant all on schema public to project_admin;
alter default privileges for role project_admin in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges for role project_admin in schema public grant all on functions to anon, authenticated, service_role;
do $$ begin execute format('grant create on database %I to project_admin', current_database()); end $$;
