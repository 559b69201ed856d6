-- A name that an owner gave from afar stays, whatever the node calls itself when it comes back.
alter table public.nodes add renamed boolean not null default false;
