select version, document, updated_at from public.preferences where user_id = $1
