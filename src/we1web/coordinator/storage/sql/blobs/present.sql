-- Need it be uploaded? One that is asked for is made young again when half its time is over, so that it stays.
with touched as (update public.blobs set created_at = $3 where digest = $1 and created_at < $2)
select size from public.blobs where digest = $1
