select * from auth.users where lower(email) = lower($1)
