-- One at a time for each person, so that two requests open one account.
with person as (select id from public.users where id = $1 for no key update)
select id, user_id, rail, country, currency, holder, destination, status, wants, created_at, checked_at
  from public.payout_accounts where user_id = (select id from person) and rail = $2 and status <> 'closed'
