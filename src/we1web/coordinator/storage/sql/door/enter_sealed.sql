select we1_private.enter($1, $2), set_config('role', 'authenticated', true)
