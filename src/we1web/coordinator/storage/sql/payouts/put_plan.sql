insert into public.payout_plans (user_id, every, currency, threshold_micros, next_on, account_id, updated_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (user_id) do update
   set every = excluded.every, currency = excluded.currency, threshold_micros = excluded.threshold_micros,
       next_on = excluded.next_on, account_id = excluded.account_id, updated_at = excluded.updated_at
