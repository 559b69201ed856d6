-- What a referee needs to run a task ($1) once more: its chunk's arguments and its job's program; and whether one did
-- for a contest of the dispute ($2) already.
select c.body, j.program, exists (select from public.contests x where x.dispute_id = $2 and x.state <> 'waiting') as ruled
  from public.chunks c join public.jobs j on j.key = c.job_key
 where c.id = $1::bigint >> 20
