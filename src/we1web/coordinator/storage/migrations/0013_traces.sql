-- From a settlement to the flushes it covers, and so to the votes behind a posting.
create index settlements_upto on public.settlements (upto);
