insert into public.schema_migrations (name, checksum) values ($1, $2)
