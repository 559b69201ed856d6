-- Sessions whose refresh token was not used for so long; their tokens go with them.
delete from auth.sessions where coalesce(refreshed_at, created_at) < $1
