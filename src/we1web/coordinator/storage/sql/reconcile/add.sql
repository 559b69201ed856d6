-- Each movement once, and with it into the running sum of its currency, which reconcile/check compares.
with added as (
  insert into public.rail_movements (rail, id, currency, amount_micros, fee_micros, net_micros, type, source, at)
    select $1, m.* from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::text[],
                               $9::timestamptz[]) m
    on conflict (rail, id) do nothing
    returning currency, net_micros)
insert into public.rail_checks as c (rail, currency, checked_at, rail_micros, clearing_micros, difference_micros, unexplained)
  select $1, currency, $10, sum(net_micros), 0, 0, 0 from added group by currency order by currency
  on conflict (rail, currency) do update set rail_micros = c.rail_micros + excluded.rail_micros
