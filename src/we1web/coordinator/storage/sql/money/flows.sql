-- What came in and went out through rails, since the beginning.
select currency, coalesce(sum(came_in), 0)::bigint as came_in, coalesce(sum(refunded), 0)::bigint as refunded,
       coalesce(sum(disputed), 0)::bigint as disputed, coalesce(sum(paid_out), 0)::bigint as paid_out
  from (select currency, amount_micros as came_in, refunded_micros as refunded, disputed_micros as disputed, 0 as paid_out
          from public.fundings where state = 'paid'
        union all
        select currency, 0, 0, 0, gross_micros - fee_micros
          from public.payouts where state in ('transferred', 'paid')) f
 group by currency
 order by currency
