-- rail_micros of rail_checks goes on from the last check instead of being summed again, and since when the two differ
-- outlives a restart.
alter table public.rail_checks add differs_since timestamptz;
