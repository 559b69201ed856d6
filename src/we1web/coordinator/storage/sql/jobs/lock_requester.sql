-- One creation at a time for each requester, so that their open jobs can be counted.
select 1 from public.users where id = $1 for no key update
