delete from auth.sessions where refreshed_at < $1
