delete from public.vote_log where seq < $1
