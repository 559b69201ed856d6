-- A whole flush in one statement, for few tasks: the log, ended tasks, finished chunks.
with log as (insert into public.vote_log (seq, body) select $1::bigint, $2::bytea where $2::bytea is not null),
ended as (
  insert into public.tasks (id, job_key, index, state, flush, error, digest, outcome, votes)
  select id, job_key, index, state, $1, error, digest, outcome, votes::bigint[]
    from unnest($3::bigint[], $4::bigint[], $5::int[], $6::smallint[], $7::real[], $8::bytea[], $9::bytea[], $10::text[])
      as u(id, job_key, index, state, error, digest, outcome, votes)),
counted as (
  update public.jobs j
     set verified = u.verified, failed = u.failed, executions = u.executions, spent_micros = u.spent, task_us = u.task_us,
         error_sum = u.errors, singles = u.singles, referee_runs = u.referee_runs,
         single_voters = greatest(j.single_voters, u.single_voters)
    from unnest($11::bigint[], $12::int[], $13::int[], $14::bigint[], $15::bigint[], $16::bigint[], $17::float8[],
                $18::bigint[], $19::bigint[], $20::int[])
      as u(key, verified, failed, executions, spent, task_us, errors, singles, referee_runs, single_voters)
   where j.key = u.key)
update public.chunks set done = true where id = any($21::bigint[])
