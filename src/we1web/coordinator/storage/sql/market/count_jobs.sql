update public.jobs j
   set verified = u.verified, failed = u.failed, executions = u.executions, spent_micros = u.spent, task_us = u.task_us,
       error_sum = u.errors, singles = u.singles, referee_runs = u.referee_runs,
       single_voters = greatest(j.single_voters, u.single_voters)
  from unnest($1::bigint[], $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::float8[], $8::bigint[],
              $9::bigint[], $10::int[])
    as u(key, verified, failed, executions, spent, task_us, errors, singles, referee_runs, single_voters)
 where j.key = u.key
