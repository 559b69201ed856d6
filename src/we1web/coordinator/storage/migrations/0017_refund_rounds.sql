-- Refunds are sent as payouts are: which idempotency key one is at, and whose turn it is.
alter table public.funding_refunds add round int not null default 0, add reserved_by uuid;
