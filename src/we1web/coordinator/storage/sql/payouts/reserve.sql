-- Binds due payouts to an attempt at their rail, for the coordinator $5, and keeps other senders away from them until $3.
-- Those whose transfer is to be taken back are among them. `was_tried`: this round's key was used before.
with due as (
  (select p.key from public.payouts p
    where p.rail = any($1) and p.next_attempt_at <= $2 and p.state in ('requested', 'reserved')
    order by p.next_attempt_at limit $4 for no key update skip locked)
  ), bounced as (
  (select p.key from public.payouts p
    where p.rail = any($1) and p.next_attempt_at <= $2 and p.bounced_id is not null and p.state in ('transferred', 'paid')
    order by p.next_attempt_at limit $4 for no key update skip locked)
  ), chosen as (select key from due union all select key from bounced limit $4),
before as (select p.key, p.state, p.first_attempt_at from public.payouts p join chosen using (key))
update public.payouts p
   set state = case p.state when 'requested' then 'reserved' else p.state end,
       attempts = p.attempts + 1,
       first_attempt_at = coalesce(p.first_attempt_at, $2),
       next_attempt_at = $3,
       reserved_by = $5
  from before b, public.payout_accounts a
 where p.key = b.key and a.id = p.account_id
returning p.id, p.user_id, p.rail, p.currency, p.gross_micros, p.fee_micros, p.round, p.first_attempt_at, p.transfer_id,
          p.bounced_id, p.next_attempt_at as until, a.destination, b.state as state_before,
          b.first_attempt_at is not null as was_tried
