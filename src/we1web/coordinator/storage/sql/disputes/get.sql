-- One dispute of a user's jobs ($2) or of a user's nodes ($3).
select d.* from public.disputes d
 where d.id = $4
   and ($2 and d.job_key in (select j.key from public.jobs j where j.requester_id = $1)
        or $3 and d.nodes && array(select n.key from public.nodes n where n.owner_id = $1))
