-- Each movement once.
insert into public.rail_movements (rail, id, currency, amount_micros, fee_micros, net_micros, type, source, at)
  select $1, m.* from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::text[],
                             $9::timestamptz[]) m
  on conflict (rail, id) do nothing
  returning id
