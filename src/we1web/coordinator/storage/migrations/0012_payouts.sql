-- What the life of a payout needs beside its row of 0009: which idempotency key it is at, and a bank's refusal.
alter table public.payouts
  -- A rail remembers its refusals by idempotency key, so every certain refusal begins another round with another key.
  add round int not null default 0,
  -- The bank's payout that failed: the transfer is to be taken back, and has not been yet.
  add bounced_id text;
create index payouts_bounced on public.payouts (rail, next_attempt_at)
  where bounced_id is not null and state in ('transferred', 'paid');
create index payouts_open on public.payouts (user_id) where state in ('requested', 'reserved', 'transferred');
create index payouts_bank on public.payouts (bank_id) where bank_id is not null;
create index payouts_account on public.payouts (account_id);

-- When the bank's side of an account was last read.
alter table public.payout_accounts add read_at timestamptz;

-- Where a plan pays to; without one it waits.
alter table public.payout_plans add account_id uuid references public.payout_accounts;
