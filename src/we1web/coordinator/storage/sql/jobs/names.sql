-- What jobs are called: public, as every node that works for one is told.
select id, name from public.jobs where id = any($1::uuid[])
