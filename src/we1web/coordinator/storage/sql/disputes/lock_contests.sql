-- The contests of a dispute that wait for a referee, with the dispute's votes and what a vote of the job earns.
select d.id, d.nodes, d.digests, d.paid, d.accepted, j.id as job, j.currency,
       j.price_micros - j.fee_micros as reward_micros
  from public.disputes d join public.jobs j on j.key = d.job_key
 where d.id = $1 and exists (select from public.contests c where c.dispute_id = d.id and c.state = 'waiting')
   for update of d
