select * from public.funding_refunds where refund_id = $1
