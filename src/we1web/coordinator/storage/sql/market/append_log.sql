insert into public.vote_log (seq, body) values ($1, $2)
