update public.fundings set refunded_micros = refunded_micros + $2 where id = $1
