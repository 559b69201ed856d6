update public.fundings set checked_at = $2 where id = $1
