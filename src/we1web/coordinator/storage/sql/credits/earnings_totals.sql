-- By currency: what earnings hold, what is on its way to the person, and what has reached them.
select currency, sum(available)::bigint as available_micros, sum(held)::bigint as held_micros,
       sum(paid)::bigint as paid_micros
  from (select a.currency, a.balance as available, 0::bigint as held, 0::bigint as paid
          from ledger.accounts a where a.owner_id = $1 and a.kind = 'earnings'
        union all
        select p.currency, 0, case when p.state in ('requested', 'reserved', 'transferred') then p.gross_micros else 0 end,
               case when p.state = 'paid' then p.gross_micros - p.fee_micros else 0 end
          from public.payouts p where p.user_id = $1) t
 group by currency order by currency
