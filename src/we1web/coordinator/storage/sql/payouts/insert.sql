insert into public.payouts (id, user_id, account_id, rail, currency, gross_micros, fee_micros, source_currency,
                            source_micros, automatic, requested_at, next_attempt_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) returning *
