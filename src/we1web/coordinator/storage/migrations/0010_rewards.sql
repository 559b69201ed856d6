-- A bonus for votes that come in time: per vote, like the price. What earned it is a bit of tasks.votes (1 << 14).
alter table public.jobs
  add column bonus_micros bigint not null default 0 check (bonus_micros >= 0),
  add column bonus_fee_micros bigint not null default 0 check (bonus_fee_micros between 0 and bonus_micros),
  add column bonus_within_s float8 check (bonus_within_s > 0),
  add constraint jobs_bonus_is_whole check ((bonus_micros > 0) = (bonus_within_s is not null));

alter table public.surplus_votes add column fast boolean not null default false;
