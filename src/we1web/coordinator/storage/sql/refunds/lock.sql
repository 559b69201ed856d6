select * from public.funding_refunds where id = $1 for no key update
