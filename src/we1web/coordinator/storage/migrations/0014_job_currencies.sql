-- Jobs in other currencies than the network's: what a vote earns, in the network's currency by the rate of the day the
-- job was created. Placement compares jobs and owners' wishes by it; what is paid is the price in the job's currency.
alter table public.jobs add worth_micros bigint not null default 0 check (worth_micros >= 0);
update public.jobs set worth_micros = price_micros - fee_micros;
