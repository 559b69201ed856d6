select id, key from public.users where ($1::uuid is not null and id = $1) or ($1::uuid is null and lower(email) = lower($2))
