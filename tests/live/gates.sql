-- Holds a transaction at its commit, when a row that it wrote is one that a test waits for. Only ever in a database of
-- the tests: a deferred trigger is the last thing that happens before a transaction is durable.
create schema gates;
create table gates.armed (step text primary key);

create function gates.hold() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare written_step text;
begin
  execute format('select %s from (select ($1).*) written', tg_argv[0]) into written_step using new;
  if exists (select from gates.armed where step = written_step) then
    perform pg_advisory_xact_lock_shared(hashtext('gates'));
  end if;
  return null;
end $$;

create constraint trigger gate after insert or update on public.payouts deferrable initially deferred
  for each row execute function gates.hold(
    'case when bounced_id is not null and state in (''transferred'', ''paid'') then ''bounced'' else state end');
create constraint trigger gate after insert on public.chunks deferrable initially deferred
  for each row execute function gates.hold('''added''');
create constraint trigger gate after insert on public.vote_log deferrable initially deferred
  for each row execute function gates.hold('''votes''');
create constraint trigger gate after insert on public.tasks deferrable initially deferred
  for each row execute function gates.hold('''ended''');
create constraint trigger gate after insert on ledger.transactions deferrable initially deferred
  for each row execute function gates.hold('kind');
create constraint trigger gate after insert on public.rail_notices deferrable initially deferred
  for each row execute function gates.hold('''noticed''');
create constraint trigger gate after insert on public.settlements deferrable initially deferred
  for each row execute function gates.hold('''settled''');
