create table if not exists public.schema_migrations (
  name text primary key,
  checksum bytea not null,
  applied_at timestamptz not null default now()
);
alter table public.schema_migrations enable row level security;
alter table public.schema_migrations force row level security;
do $$ begin
  if not exists (select from pg_policies where schemaname = 'public' and tablename = 'schema_migrations') then
    create policy nobody on public.schema_migrations using (false);
  end if;
end $$;
