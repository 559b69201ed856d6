-- Each payment that a bank took back or gave back, by the log of events: exactly its transaction, from the payer's wallet or
-- debt to the rail; and what of each payment is disputed now.
with events as (
  select f.id, f.rail, f.currency, f.user_id, e.event, e.detail ->> 'dispute' as dispute,
         (e.detail ->> 'amount_micros')::bigint as amount, coalesce((e.detail ->> 'cost_micros')::bigint, 0) as cost
    from public.money_events e join public.fundings f on e.subject_kind = 'funding' and e.subject_id = f.id::text
   where e.event in ('disputed', 'reinstated')),
due as (
  select case e.event when 'disputed' then 'chargeback:' else 'chargeback-won:' end || e.rail || ':' || e.dispute as key,
         e.currency, v.side, sum(v.amount) as amount
    from events e
   cross join lateral (select case e.event when 'disputed' then -1 else 1 end as sign) s
   cross join lateral (values ('payer ' || e.user_id, s.sign * e.amount), ('rail', -s.sign * e.amount + e.cost),
                              ('costs', -e.cost)) v(side, amount)
   where v.amount <> 0
   group by 1, 2, 3),
posted as (
  select t.key, a.currency, case a.kind when 'clearing' then 'rail' when 'costs' then 'costs'
                                        else 'payer ' || a.owner_id end as side, sum(e.amount) as amount
    from ledger.transactions t
    join ledger.entries e on e.transaction_id = t.id
    join ledger.accounts a on a.id = e.account_id
   where t.kind in ('chargeback', 'chargeback_won')
   group by 1, 2, 3),
open as (
  select id, greatest(0, sum(case event when 'disputed' then amount else -amount end)) as amount from events group by 1)
select key || ', ' || side as place, currency, coalesce(d.amount, 0)::bigint as expected,
       coalesce(p.amount, 0)::bigint as found
  from due d full join posted p using (key, currency, side)
 where coalesce(d.amount, 0) <> coalesce(p.amount, 0)
union all
select 'disputed of payment ' || f.id, f.currency, coalesce(o.amount, 0)::bigint, f.disputed_micros
  from public.fundings f left join open o using (id)
 where f.disputed_micros <> coalesce(o.amount, 0)
 order by 1
