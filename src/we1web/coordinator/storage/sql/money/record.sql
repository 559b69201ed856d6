insert into public.money_events (user_id, actor_kind, actor_id, cause, subject_kind, subject_id, event, detail)
  values ($1, $2, $3, $4, $5, $6, $7, $8)
