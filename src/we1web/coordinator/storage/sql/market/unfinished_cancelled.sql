-- Closes the books of chunks whose job was cancelled: nothing of them is wanted any more.
update public.chunks c set done = true
  from public.jobs j
 where j.key = c.job_key and j.state = 'cancelled' and not c.done
