update auth.users set encrypted_password = $2 where id = $1
