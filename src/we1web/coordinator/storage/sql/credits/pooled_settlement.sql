-- A settlement ($1) of which all that a user ($2) earned went to their pool: none of its entries is theirs, their votes are.
select t.id, t.key, t.kind, t.created_at, t.meta, t.actor_kind, t.actor_id, t.cause
  from ledger.transactions t
 where t.id = $1 and t.kind = 'settle' and split_part(t.key, ':', 3) ~ '^[0-9]+$'
   and exists (select from public.pool_shares s join public.jobs j on j.key = s.job_key
                where s.user_id = $2 and s.upto = split_part(t.key, ':', 3)::bigint
                  and j.id = split_part(t.key, ':', 2)::uuid)
