-- A row only when something changed. When it was read is kept in any case.
with known as (select id, user_id, status, wants from public.payout_accounts where id = $1 for update),
read as (update public.payout_accounts a set status = $2, wants = $3, checked_at = now()
           from known k where a.id = k.id and k.status <> 'closed'
         returning a.id)
select k.user_id from known k join read r on r.id = k.id where (k.status, k.wants) is distinct from ($2, $3)
