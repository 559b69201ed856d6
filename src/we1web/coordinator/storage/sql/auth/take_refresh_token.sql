select r.session_id, r.used_at, s.user_id, s.refreshed_at
  from auth.refresh_tokens r join auth.sessions s on s.id = r.session_id
 where r.token = $1
   for update
