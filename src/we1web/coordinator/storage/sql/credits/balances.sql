select currency, wallet_micros, earnings_micros, held_micros, debt_micros from public.user_balances where user_id = $1 order by currency
