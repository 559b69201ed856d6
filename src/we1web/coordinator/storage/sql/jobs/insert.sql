-- A new job of a requester; its key is drawn here.
insert into public.jobs
  (id, requester_id, requester_key, name, runtime, runtime_id, program, entry, policy, strategy, price_micros,
   fee_micros, budget_micros, currency, wall_ms, memory_bytes, output_bytes, instructions, deadline_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
returning key
