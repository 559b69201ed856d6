-- The rail's name of what took a transfer back: its movement at the rail is about that, not about the transfer.
alter table public.payouts add reversal_id text;
create index payouts_reversal on public.payouts (reversal_id) where reversal_id is not null;
