-- A corrected rate of a day replaces it: what was exchanged keeps the rate it was exchanged at (in the ledger).
insert into public.fx_rates (day, base, quote, nanos, source, loaded_at)
  select r.day, r.base, r.quote, r.nanos, $5, $6
    from unnest($1::date[], $2::text[], $3::text[], $4::bigint[]) r(day, base, quote, nanos)
  on conflict (day, base, quote) do update set nanos = excluded.nanos, source = excluded.source, loaded_at = excluded.loaded_at
   where fx_rates.nanos <> excluded.nanos
returning day
