-- What a user's nodes earned from $2 to before $3, by node and currency: what is counted by the hour with each settlement,
-- without what a pool kept or put into its pot. What came to the person otherwise ($6) is of no node, and comes last.
select n.node, n.name, n.currency, n.earned_micros, n.votes_paid, n.at
  from (select n.key, n.id as node, n.name, h.currency,
               sum(h.earned_micros - h.commission_micros - h.pooled_micros)::bigint as earned_micros,
               sum(h.votes_paid)::bigint as votes_paid, max(h.hour) as at
          from public.nodes n join public.node_hours h on h.node_key = n.key
         where n.owner_id = $1 and h.hour >= date_trunc('hour', $2::timestamptz, 'UTC') and h.hour < $3
         group by n.key, n.id, n.name, h.currency
        union all
        select null, null, null, a.currency, sum(e.amount)::bigint, null, max(t.created_at)
          from ledger.accounts a join ledger.entries e on e.account_id = a.id
          join ledger.transactions t on t.id = e.transaction_id
         where a.owner_id = $1 and a.kind = 'earnings' and t.kind = any($6::text[])
           and t.created_at >= $2 and t.created_at < $3
         group by a.currency) n
 order by n.key nulls last, n.currency
offset $4 limit $5
