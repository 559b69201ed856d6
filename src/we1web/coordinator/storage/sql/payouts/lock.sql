select p.*, u.key as user_key from public.payouts p join public.users u on u.id = p.user_id
 where p.id = $1 for no key update of p
