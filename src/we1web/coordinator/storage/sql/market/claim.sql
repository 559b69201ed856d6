-- Marks chunks as ours, cut into bundles of a size that never changes again.
update public.chunks c set claimed_by = $1, bundle_size = u.size
  from unnest($2::bigint[], $3::int[]) u(id, size)
 where c.id = u.id
