-- Which coordinator's life a payout is reserved for: one that starts again in the same data directory takes its own back.
alter table public.payouts add reserved_by uuid;
create index payouts_reserved on public.payouts (reserved_by) where reserved_by is not null;
