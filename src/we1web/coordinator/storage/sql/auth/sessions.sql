-- A person's sessions, the one used last first. Used means refreshed: an access token is good for an hour.
select id, created_at, coalesce(refreshed_at, created_at) as last_used_at, coalesce(user_agent, '') as user_agent
  from auth.sessions where user_id = $1
 order by last_used_at desc, id
