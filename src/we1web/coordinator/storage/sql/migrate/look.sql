select current_setting('server_version_num')::int as version,
       (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as bypasses,
       exists (select from pg_namespace n join pg_roles r on r.oid = n.nspowner
                where n.nspname = 'auth' and r.rolname = 'supabase_auth_admin') as supabase
