select id, key, requester_id, state, total, verified, failed, executions, spent_micros from public.jobs where key = $1
