update public.nodes n
   set online = u.online, accepting = u.accepting, reason = u.reason, load = u.load, last_seen_at = now()
  from unnest($1::bigint[], $2::bool[], $3::bool[], $4::text[], $5::real[]) as u(key, online, accepting, reason, load)
 where n.key = u.key
