update public.fundings set disputed_micros = greatest(0, disputed_micros + $2) where id = $1
