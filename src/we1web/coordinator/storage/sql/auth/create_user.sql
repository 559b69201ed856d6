insert into auth.users (email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
values ($1, $2, $4, '{"provider": "email", "providers": ["email"]}', $3, $4, $4)
on conflict do nothing
returning *
