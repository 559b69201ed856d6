select set_config('role', 'anon', true)
