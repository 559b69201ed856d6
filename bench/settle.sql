-- One requester with one job, and so many owners with a node each: what a settlement needs to be about somebody.
do $$ declare requester public.users; begin
  insert into auth.users (email, encrypted_password)
    select 'bench' || n || '@example.com', 'x' from generate_series(0, {owners}) n;
  select * into requester from public.users where email = 'bench0@example.com';
  insert into public.nodes (owner_id, owner_key, name)
    select id, key, 'bench' from public.users where email like 'bench%' and id <> requester.id;
  insert into public.jobs (requester_id, requester_key, name, runtime, runtime_id, program, entry, policy, strategy,
                           price_micros, fee_micros, budget_micros, wall_ms, memory_bytes, output_bytes, instructions)
    values (requester.id, requester.key, 'bench', 'wasm', 'wasm-1', sha256('p'), '', 'classic', 'reliability_weighted',
            100, 10, 1000000000000, 1000, 1, 1, 0);
end $$
