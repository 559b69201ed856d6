select name, checksum from public.schema_migrations order by name
