-- Held until the transaction ends; 0x77653177 keeps it apart from other programs' locks.
select pg_try_advisory_xact_lock(2003120503, $1::bigint::bit(32)::int)
