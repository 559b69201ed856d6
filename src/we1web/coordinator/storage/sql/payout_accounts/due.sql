update public.payout_accounts set checked_at = $1
 where id in (select id from public.payout_accounts
               where rail = 'stripe' and status <> 'closed' and destination not like 'unmade:%'
                 and (checked_at is null or checked_at < case status when 'active' then $3::timestamptz else $2 end)
               order by checked_at nulls first limit $4 for update skip locked)
  returning id, user_id, rail, country, currency, holder, destination, status, wants, created_at, checked_at
