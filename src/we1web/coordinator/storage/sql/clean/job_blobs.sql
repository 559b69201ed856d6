-- Ended jobs need their blobs no more.
delete from public.job_blobs l using public.jobs j
 where j.key = l.job_key and j.state in ('done', 'cancelled')
