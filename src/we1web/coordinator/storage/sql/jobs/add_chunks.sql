-- All chunks of one submission in one statement.
insert into public.chunks (job_key, sequence, first_index, n, body)
select $1, c.sequence, c.first_index, c.n, c.body
  from unnest($2::int[], $3::int[], $4::int[], $5::bytea[]) c(sequence, first_index, n, body)
returning id, sequence
