-- The same ledger, with less work in a posting: accounts are looked up once and created only when one is missing, what
-- is hot is remembered from there, and references are checked once a statement instead of once a row (a settlement of
-- two hundred tasks has some sixty entries, and each asked two queries of its own).

-- What an entry refers to cannot go: transactions are immutable, and accounts are kept.
create trigger kept_rows before delete on ledger.accounts for each row execute function ledger.refuse_change();

create function ledger.check_references() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$ begin
  if exists (
    select from written w
     where not exists (select from ledger.transactions t where t.id = w.transaction_id and t.n = w.n)
        or not exists (select from ledger.accounts a where a.id = w.account_id))
  then
    raise exception 'a ledger entry refers to no transaction of its size, or to no account'
      using errcode = 'foreign_key_violation', constraint = 'entries_refer';
  end if;
  return null;
end $$;
create trigger refer after insert on ledger.entries referencing new table as written
  for each statement execute function ledger.check_references();
alter table ledger.entries drop constraint entries_account_id_fkey, drop constraint entries_transaction_id_n_fkey;

create or replace function ledger.post(
  keys text[], kinds text[], fingerprints bytea[], metas jsonb[],
  of_transaction int[], account_kinds text[], owners uuid[], jobs uuid[], pools uuid[], rails text[],
  currencies text[], amounts bigint[], actor_kind text, actor_id text, cause text
) returns setof text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  fresh bigint[]; fresh_positions int[]; names text[]; account_ids bigint[]; hots boolean[];
  fees_are_debited boolean; clash text; debited bigint;
begin
  select array_agg(p.kind || '/' || coalesce(p.owner_id::text, p.job_id::text, p.pool_id::text, p.rail, '')
                          || '/' || p.currency order by p.position),
         bool_or(p.kind = 'fees' and p.amount < 0)
    into names, fees_are_debited
    from unnest(account_kinds, owners, jobs, pools, rails, currencies, amounts)
           with ordinality p(kind, owner_id, job_id, pool_id, rail, currency, amount, position);
  select array_agg(a.id order by p.position), array_agg(a.hot order by p.position) into account_ids, hots
    from unnest(names) with ordinality p(name, position) join ledger.accounts a on a.name = p.name;
  if coalesce(cardinality(account_ids), 0) < cardinality(names) then
    insert into ledger.accounts (kind, owner_id, job_id, pool_id, rail, currency, viewer_id)
      select p.kind, p.owner_id, p.job_id, p.pool_id, p.rail, p.currency,
             coalesce(p.owner_id, (select j.requester_id from public.jobs j where j.id = p.job_id))
        from (select distinct on (u.name) u.* from unnest(names, account_kinds, owners, jobs, pools, rails, currencies)
                u(name, kind, owner_id, job_id, pool_id, rail, currency) order by u.name) p
       where not exists (select from ledger.accounts a where a.name = p.name)
       order by p.name
      on conflict (name) do nothing;
    select array_agg(a.id order by p.position), array_agg(a.hot order by p.position) into account_ids, hots
      from unnest(names) with ordinality p(name, position) join ledger.accounts a on a.name = p.name;
  end if;
  perform 1 from ledger.accounts a
    where a.id = any(account_ids)
      and (not a.hot or (fees_are_debited and a.kind = 'fees' and exists (
            select from unnest(account_ids, amounts) e(account_id, amount) where e.account_id = a.id and e.amount < 0)))
    order by a.id for no key update;

  with posted as (
    insert into ledger.transactions (key, kind, fingerprint, n, meta, actor_kind, actor_id, cause)
      select t.key, t.kind, t.fingerprint, c.n, t.meta, post.actor_kind, post.actor_id, post.cause
        from unnest(keys, kinds, fingerprints, metas) with ordinality t(key, kind, fingerprint, meta, position)
        join (select o.position, count(*) as n from unnest(of_transaction) o(position) group by 1) c using (position)
       order by t.key
      on conflict (key) do nothing returning id, key)
  select array_agg(p.id), array_agg(t.position) into fresh, fresh_positions
    from posted p join unnest(keys) with ordinality t(key, position) on t.key = p.key;
  if coalesce(cardinality(fresh), 0) < cardinality(keys) then
    select t.key into clash from unnest(keys, fingerprints) t(key, fingerprint)
      join ledger.transactions x on x.key = t.key where x.fingerprint <> t.fingerprint limit 1;
    if found then
      raise exception 'ledger key % was used for other postings', clash
        using errcode = 'unique_violation', constraint = 'transactions_key_reused';
    end if;
  end if;

  insert into ledger.entries (transaction_id, seq, n, account_id, amount)
    select f.id, row_number() over (partition by f.id order by e.ordinality), count(*) over (partition by f.id),
           e.account_id, e.amount
      from unnest(of_transaction, account_ids, amounts) with ordinality e(position, account_id, amount)
      join unnest(fresh, fresh_positions) f(id, position) on f.position = e.position;
  insert into ledger.unfolded (account_id, transaction_id, amount)
    select e.account_id, f.id, e.amount
      from unnest(of_transaction, account_ids, amounts, hots) e(position, account_id, amount, hot)
      join unnest(fresh, fresh_positions) f(id, position) on f.position = e.position
     where e.hot;
  update ledger.accounts a set balance = a.balance + d.amount
    from (select e.account_id, sum(e.amount)::bigint as amount
            from unnest(of_transaction, account_ids, amounts, hots) e(position, account_id, amount, hot)
           where e.position = any(fresh_positions) and not e.hot group by 1) d
   where a.id = d.account_id;
  if fees_are_debited then
    for debited in
      select distinct e.account_id from unnest(of_transaction, account_kinds, account_ids, amounts)
               e(position, kind, account_id, amount)
       where e.kind = 'fees' and e.amount < 0 and e.position = any(fresh_positions) order by 1
    loop
      perform ledger.fold_locked(debited);
    end loop;
  end if;
  return query select keys[p] from unnest(fresh_positions) p order by p;
end $$;
revoke execute on function ledger.check_references() from public;
