-- What the payer does next. The first answer stays: a second one is of the same session.
update public.fundings
   set session_id = coalesce(session_id, $2), url = coalesce(url, $3), reference = coalesce(reference, $4),
       expires_at = coalesce(expires_at, $5)
 where id = $1
returning *
