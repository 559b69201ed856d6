select seq, body from public.vote_log order by seq
