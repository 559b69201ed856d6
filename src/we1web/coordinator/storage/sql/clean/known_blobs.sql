select digest from public.blobs where digest = any($1::bytea[])
