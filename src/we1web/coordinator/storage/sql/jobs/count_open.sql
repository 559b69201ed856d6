-- Jobs of a requester that have not ended; the lock makes two creations count one after the other.
with locked as (select id from public.users where id = $1 for no key update)
select count(*) from public.jobs j join locked u on j.requester_id = u.id where j.state in ('open', 'running')
