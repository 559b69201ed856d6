update auth.users
   set raw_user_meta_data = raw_user_meta_data || $2::jsonb,
       encrypted_password = coalesce($3, encrypted_password),
       updated_at = $4
 where id = $1
returning *
