-- Tasks of a chunk that ended already: ids from $1 to below $2.
select id, outcome from public.tasks where id >= $1 and id < $2
