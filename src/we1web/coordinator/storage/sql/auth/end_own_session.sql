delete from auth.sessions where id = $1 and user_id = $2 returning id
