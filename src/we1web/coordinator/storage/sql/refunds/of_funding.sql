select * from public.funding_refunds where funding_id = $1 order by key desc
