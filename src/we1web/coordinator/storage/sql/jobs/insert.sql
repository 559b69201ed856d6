-- A new job of a requester; its key is drawn here.
insert into public.jobs
  (id, requester_id, requester_key, name, runtime, runtime_id, program, entry, policy, strategy, price_micros,
   fee_micros, budget_micros, currency, wall_ms, memory_bytes, output_bytes, instructions, deadline_at, created_at,
   validator, validator_parameters, epsilon, hold_s, requirements, weight, priority, verifier, verifier_entry, purpose,
   bonus_micros, bonus_fee_micros, bonus_within_s, worth_micros)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)
returning key
