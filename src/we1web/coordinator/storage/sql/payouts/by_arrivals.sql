-- What arrived with a bank's payout, or was paid with it once an earlier one had failed.
select p.*, u.key as user_key from public.payouts p join public.users u on u.id = p.user_id
 where p.arrival_id = any($1) or p.bank_id = $2 order by p.key for no key update of p
