with signed_in as (update auth.users set last_sign_in_at = $2 where id = $1)
insert into auth.sessions (user_id, created_at, refreshed_at, user_agent) values ($1, $2, $2, $3) returning id
