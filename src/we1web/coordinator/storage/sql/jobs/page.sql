-- A requester's jobs, newest first, after a key; in these states ($4), with $5 somewhere in the name, of a runtime ($6)
-- and a policy ($7): null where it does not matter.
select * from public.jobs
 where requester_id = $1 and key < $2
   and ($4::text[] is null or state = any($4)) and ($5::text is null or strpos(lower(name), lower($5)) > 0)
   and ($6::text is null or runtime = $6) and ($7::text is null or policy = $7)
 order by key desc
 limit $3
