select at, actor_kind, cause, event, detail from public.money_events
 where subject_kind = 'payout' and subject_id = $1 order by id
