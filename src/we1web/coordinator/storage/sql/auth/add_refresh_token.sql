insert into auth.refresh_tokens (token, session_id, parent, created_at) values ($1, $2, $3, $4)
