-- One payout at a time for each user, so that their open ones can be counted.
select 1 from public.users where id = $1 for no key update
