-- Ended jobs whose escrow still holds something.
select j.key, j.id, j.requester_id, j.currency, a.balance
  from public.jobs j join ledger.accounts a on a.kind = 'escrow' and a.job_id = j.id
 where j.state in ('done', 'cancelled') and a.balance > 0
