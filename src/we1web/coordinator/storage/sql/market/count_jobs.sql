update public.jobs j
   set verified = u.verified, failed = u.failed, executions = u.executions, spent_micros = u.spent, task_us = u.task_us
  from unnest($1::bigint[], $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[])
    as u(key, verified, failed, executions, spent, task_us)
 where j.key = u.key
