-- The settlements whose votes of a user ($2) filled the pot that a distribution ($1) split, after the distribution before
-- it ($3) and after $4, in the order they happened.
select t.id as transaction_id, t.created_at as at, j.id as job, j.name as job_name, s.votes, s.gross_micros,
       s.commission_micros, s.pooled_micros
  from ledger.entries d join ledger.accounts a on a.id = d.account_id and a.kind = 'pot'
  join ledger.entries e on e.account_id = d.account_id and e.transaction_id > greatest($3::bigint, $4::bigint)
                       and e.transaction_id < $1
  join ledger.transactions t on t.id = e.transaction_id
  join public.jobs j on j.id = split_part(t.key, ':', 2)::uuid
  join public.pool_shares s on s.job_key = j.key and s.upto = split_part(t.key, ':', 3)::bigint
                           and s.user_id = $2 and s.pool_id = a.pool_id
 where d.transaction_id = $1
 order by t.id
 limit $5
