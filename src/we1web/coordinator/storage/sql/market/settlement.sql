insert into public.settlements (upto) values ($1)
