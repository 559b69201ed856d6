-- The job of a settlement, and the flushes that it covers: from above `after` to $2.
select j.id, j.key, j.name, j.requester_id, j.price_micros, j.price_micros - j.fee_micros as reward_micros,
       j.bonus_micros, j.bonus_micros - j.bonus_fee_micros as bonus_reward_micros,
       coalesce((select max(s.upto) from public.settlements s where s.upto < $2), 0) as after
  from public.jobs j where j.id = $1
