-- What has not left yet, or is to be taken back, oldest first: with why, for an operator.
select * from public.payouts
 where (state in ('requested', 'reserved') or bounced_id is not null and state in ('transferred', 'paid')) and key > $1
 order by key limit $2
