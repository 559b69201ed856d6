-- One dispute that ended; times come as seconds ago, because the engine's clock is not the database's.
insert into public.disputes
  (task_id, job_key, index, opened_at, resolved_at, how, accepted, truth, nodes, digests, weights, paid)
select $1::bigint, $2, c.first_index + ($1::bigint & 1048575)::int, now() - $3::float8 * interval '1 second',
       now() - $4::float8 * interval '1 second', $5, $6, $7, $8, $9, $10, $11
  from public.chunks c where c.id = $1::bigint >> 20
