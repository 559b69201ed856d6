select greatest((select max(seq) from public.vote_log), (select max(flush) from public.tasks),
                (select max(flush) from public.surplus_votes), (select max(upto) from public.settlements), 0)
