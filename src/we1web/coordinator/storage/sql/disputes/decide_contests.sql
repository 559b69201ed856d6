-- The referee spoke: each waiting contest of the dispute is decided, and who is owed ($3) gets so much.
update public.contests
   set state = case when user_id = any($3::uuid[]) then 'overturned' else 'upheld' end,
       truth = $2, decided_at = now(), paid_micros = case when user_id = any($3::uuid[]) then $4::bigint else 0 end
 where dispute_id = $1 and state = 'waiting'
