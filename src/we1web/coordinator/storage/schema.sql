-- Generated from migrations/ by `python -m we1web.coordinator.storage.dump`. Do not edit.

CREATE SCHEMA auth;

CREATE SCHEMA ledger;

CREATE SCHEMA we1_private;

CREATE FUNCTION auth.jwt() RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare claims text := nullif(current_setting('request.jwt.claims', true), ''); begin
  if claims is null or current_setting('request.jwt.seal', true) is distinct from we1_private.seal_of(claims) then
    return null;
  end if;
  return claims::jsonb;
end $$;

CREATE FUNCTION auth.role() RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select auth.jwt() ->> 'role'
$$;

CREATE FUNCTION auth.uid() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select (auth.jwt() ->> 'sub')::uuid
$$;

CREATE FUNCTION ledger.check_balanced() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare unbalanced text; counted bigint; begin
  select string_agg(q.currency || ' ' || q.total, ', ') filter (where q.total <> 0), coalesce(sum(q.n), 0)
    into unbalanced, counted
    from (select a.currency, sum(e.amount) as total, count(*) as n from ledger.entries e
            join ledger.accounts a on a.id = e.account_id where e.transaction_id = new.id group by 1) q;
  if unbalanced is not null or counted <> new.n then
    raise exception 'ledger transaction % does not balance: % (% of % entries)', new.key, unbalanced, counted, new.n
      using errcode = 'check_violation', constraint = 'transactions_balanced';
  end if;
  return null;
end $$;

CREATE FUNCTION ledger.check_references() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ begin
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

CREATE FUNCTION ledger.fold() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare found_id bigint; folded bigint := 0; begin
  for found_id in
    select a.id from ledger.accounts a
     where a.hot and exists (select from ledger.unfolded u where u.account_id = a.id)
     order by a.id for no key update skip locked
  loop
    folded := folded + ledger.fold_locked(found_id);
  end loop;
  return folded;
end $$;

CREATE FUNCTION ledger.fold_locked(account bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare added bigint; folded bigint; begin
  with gone as (delete from ledger.unfolded where account_id = account returning amount)
  select coalesce(sum(amount), 0), count(*) into added, folded from gone;
  if folded > 0 then update ledger.accounts set balance = balance + added where id = account; end if;
  return folded;
end $$;

CREATE FUNCTION ledger.post(keys text[], kinds text[], fingerprints bytea[], metas jsonb[], of_transaction integer[], account_kinds text[], owners uuid[], jobs uuid[], pools uuid[], rails text[], currencies text[], amounts bigint[], actor_kind text, actor_id text, cause text) RETURNS SETOF text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

CREATE FUNCTION ledger.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ begin
  raise exception 'ledger rows are immutable' using errcode = 'restrict_violation';
end $$;

CREATE FUNCTION public.follow_auth_profile() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ begin
  if new.raw_user_meta_data ->> 'display_name' is distinct from old.raw_user_meta_data ->> 'display_name' then
    update public.users set display_name = left(new.raw_user_meta_data ->> 'display_name', 100) where id = new.id;
  end if;
  return new;
end $$;

CREATE FUNCTION public.follow_auth_user() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ begin
  insert into public.users (id, email, display_name)
  values (new.id, coalesce(new.email, ''), left(new.raw_user_meta_data ->> 'display_name', 100))
  on conflict (id) do update set email = excluded.email;
  return new;
end $$;

CREATE FUNCTION public.limit_nodes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ begin
  if new.status = 'retired' or (tg_op = 'UPDATE' and old.status <> 'retired') then return new; end if;
  perform 1 from public.users where id = new.owner_id for no key update;
  if (select count(*) from public.nodes where owner_id = new.owner_id and status <> 'retired') >= 100 then
    raise exception 'an account has at most 100 nodes that are not retired' using errcode = 'WE001', constraint = 'too_many_nodes';
  end if;
  return new;
end $$;

CREATE FUNCTION we1_private.enter(claims text, proof text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ begin
  if proof is distinct from we1_private.hmac('proof|' || claims) then
    raise exception 'claims without a valid proof' using errcode = 'insufficient_privilege';
  end if;
  perform set_config('request.jwt.claims', claims, true), set_config('request.jwt.seal', we1_private.seal_of(claims), true);
end $$;

CREATE FUNCTION we1_private.hmac(message text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select encode(sha256(opad || sha256(ipad || convert_to(message, 'utf8'))), 'hex') from we1_private.seal
$$;

CREATE FUNCTION we1_private.seal_of(claims text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select we1_private.hmac(concat_ws('|', 'seal', pg_backend_pid(), extract(epoch from transaction_timestamp()), claims))
$$;

CREATE TABLE auth.refresh_tokens (
    id bigint NOT NULL,
    token text NOT NULL,
    session_id uuid NOT NULL,
    parent text,
    used_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY auth.refresh_tokens FORCE ROW LEVEL SECURITY;

ALTER TABLE auth.refresh_tokens ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME auth.refresh_tokens_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE auth.sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    refreshed_at timestamp with time zone,
    user_agent text
);

ALTER TABLE ONLY auth.sessions FORCE ROW LEVEL SECURITY;

CREATE TABLE auth.users (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    aud text DEFAULT 'authenticated'::text NOT NULL,
    role text DEFAULT 'authenticated'::text NOT NULL,
    email text NOT NULL,
    encrypted_password text NOT NULL,
    email_confirmed_at timestamp with time zone,
    last_sign_in_at timestamp with time zone,
    raw_app_meta_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    raw_user_meta_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY auth.users FORCE ROW LEVEL SECURITY;

CREATE TABLE ledger.accounts (
    id bigint NOT NULL,
    kind text NOT NULL,
    owner_id uuid,
    job_id uuid,
    currency text NOT NULL,
    viewer_id uuid,
    balance bigint DEFAULT 0 NOT NULL,
    pool_id uuid,
    rail text,
    hot boolean GENERATED ALWAYS AS ((kind = ANY (ARRAY['world'::text, 'fees'::text, 'clearing'::text, 'costs'::text, 'fx'::text, 'rounding'::text]))) STORED NOT NULL,
    name text GENERATED ALWAYS AS (((((kind || '/'::text) || COALESCE((owner_id)::text, (job_id)::text, (pool_id)::text, rail, ''::text)) || '/'::text) || currency)) STORED NOT NULL,
    CONSTRAINT accounts_debt CHECK (((kind <> 'debt'::text) OR (balance <= 0))),
    CONSTRAINT accounts_kind CHECK ((kind = ANY (ARRAY['world'::text, 'wallet'::text, 'escrow'::text, 'earnings'::text, 'debt'::text, 'pool'::text, 'pot'::text, 'fees'::text, 'clearing'::text, 'costs'::text, 'in_flight'::text, 'fx'::text, 'rounding'::text]))),
    CONSTRAINT accounts_not_overdrawn CHECK (((balance >= 0) OR (kind = ANY (ARRAY['world'::text, 'clearing'::text, 'costs'::text, 'fx'::text, 'rounding'::text, 'debt'::text])))),
    CONSTRAINT accounts_of_one CHECK ((num_nonnulls(owner_id, job_id, pool_id, rail) <= 1))
)
WITH (fillfactor='70');

ALTER TABLE ONLY ledger.accounts FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.accounts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.accounts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE ledger.unfolded (
    account_id bigint NOT NULL,
    transaction_id bigint NOT NULL,
    amount bigint NOT NULL
);

ALTER TABLE ONLY ledger.unfolded FORCE ROW LEVEL SECURITY;

CREATE VIEW ledger.balances WITH (security_invoker='true') AS
 SELECT id,
    kind,
    owner_id,
    job_id,
    pool_id,
    rail,
    currency,
    viewer_id,
    (balance + (COALESCE(( SELECT sum(u.amount) AS sum
           FROM ledger.unfolded u
          WHERE (a.hot AND (u.account_id = a.id))), (0)::numeric))::bigint) AS balance
   FROM ledger.accounts a;

CREATE TABLE ledger.entries (
    transaction_id bigint NOT NULL,
    seq integer NOT NULL,
    n integer NOT NULL,
    account_id bigint NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT entries_amount_check CHECK ((amount <> 0)),
    CONSTRAINT entries_check CHECK (((seq >= 1) AND (seq <= n)))
);

ALTER TABLE ONLY ledger.entries FORCE ROW LEVEL SECURITY;

CREATE TABLE ledger.transactions (
    id bigint NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    fingerprint bytea NOT NULL,
    n integer NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    actor_kind text NOT NULL,
    actor_id text NOT NULL,
    cause text NOT NULL,
    CONSTRAINT transactions_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['unknown'::text, 'user'::text, 'operator'::text, 'market'::text, 'rail'::text, 'loop'::text]))),
    CONSTRAINT transactions_fingerprint_check CHECK ((length(fingerprint) = 32)),
    CONSTRAINT transactions_n_check CHECK ((n >= 2))
);

ALTER TABLE ONLY ledger.transactions FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.transactions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.transactions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.api_tokens (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    scopes text[] NOT NULL,
    digest bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT api_tokens_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT api_tokens_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT api_tokens_scopes_check CHECK (((scopes <@ ARRAY['node'::text, 'jobs'::text]) AND (cardinality(scopes) > 0)))
);

ALTER TABLE ONLY public.api_tokens FORCE ROW LEVEL SECURITY;

CREATE TABLE public.blob_owners (
    digest bytea NOT NULL,
    user_id uuid NOT NULL
);

ALTER TABLE ONLY public.blob_owners FORCE ROW LEVEL SECURITY;

CREATE TABLE public.blobs (
    digest bytea NOT NULL,
    size bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT blobs_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT blobs_size_check CHECK ((size >= 0))
);

ALTER TABLE ONLY public.blobs FORCE ROW LEVEL SECURITY;

CREATE TABLE public.chunks (
    id bigint NOT NULL,
    job_key bigint NOT NULL,
    sequence integer NOT NULL,
    first_index integer NOT NULL,
    n integer NOT NULL,
    body bytea NOT NULL,
    bundle_size integer,
    claimed_by text,
    done boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT chunks_bundle_size_check CHECK ((bundle_size > 0)),
    CONSTRAINT chunks_first_index_check CHECK ((first_index >= 0)),
    CONSTRAINT chunks_n_check CHECK (((n >= 1) AND (n <= 1048576)))
)
WITH (fillfactor='90');
ALTER TABLE ONLY public.chunks ALTER COLUMN body SET STORAGE EXTERNAL;

ALTER TABLE ONLY public.chunks FORCE ROW LEVEL SECURITY;

ALTER TABLE public.chunks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.chunks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.contests (
    dispute_id bigint NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    truth bytea,
    decided_at timestamp with time zone,
    paid_micros bigint DEFAULT 0 NOT NULL,
    CONSTRAINT contests_check CHECK (((state = 'waiting'::text) = (decided_at IS NULL))),
    CONSTRAINT contests_paid_micros_check CHECK ((paid_micros >= 0)),
    CONSTRAINT contests_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'upheld'::text, 'overturned'::text])))
);

ALTER TABLE ONLY public.contests FORCE ROW LEVEL SECURITY;

CREATE TABLE public.disputes (
    id bigint NOT NULL,
    task_id bigint NOT NULL,
    job_key bigint NOT NULL,
    index integer NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone NOT NULL,
    how text NOT NULL,
    accepted bytea,
    truth bytea,
    nodes bigint[] NOT NULL,
    digests bytea[] NOT NULL,
    weights real[] NOT NULL,
    paid boolean[] NOT NULL,
    CONSTRAINT disputes_check CHECK (((cardinality(nodes) = cardinality(digests)) AND (cardinality(nodes) = cardinality(weights)) AND (cardinality(nodes) = cardinality(paid)))),
    CONSTRAINT disputes_how_check CHECK ((how = ANY (ARRAY['referee'::text, 'panel'::text, 'exhausted'::text, 'gave_up'::text, 'cancelled'::text])))
);

ALTER TABLE ONLY public.disputes FORCE ROW LEVEL SECURITY;

ALTER TABLE public.disputes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.disputes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.funding_refunds (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key bigint NOT NULL,
    funding_id uuid NOT NULL,
    user_id uuid NOT NULL,
    amount_micros bigint NOT NULL,
    state text DEFAULT 'requested'::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    first_attempt_at timestamp with time zone,
    next_attempt_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    refund_id text,
    round integer DEFAULT 0 NOT NULL,
    reserved_by uuid,
    CONSTRAINT funding_refunds_amount_micros_check CHECK ((amount_micros > 0)),
    CONSTRAINT funding_refunds_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'sent'::text, 'done'::text, 'failed'::text])))
);

ALTER TABLE ONLY public.funding_refunds FORCE ROW LEVEL SECURITY;

ALTER TABLE public.funding_refunds ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.funding_refunds_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.fundings (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key bigint NOT NULL,
    user_id uuid NOT NULL,
    rail text NOT NULL,
    currency text NOT NULL,
    amount_micros bigint NOT NULL,
    cost_micros bigint DEFAULT 0 NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    refunded_micros bigint DEFAULT 0 NOT NULL,
    disputed_micros bigint DEFAULT 0 NOT NULL,
    reference text,
    session_id text,
    payment_id text,
    charge_id text,
    url text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    checked_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT fundings_amount_micros_check CHECK ((amount_micros > 0)),
    CONSTRAINT fundings_check CHECK (((refunded_micros >= 0) AND (refunded_micros <= amount_micros))),
    CONSTRAINT fundings_cost_micros_check CHECK ((cost_micros >= 0)),
    CONSTRAINT fundings_disputed_micros_check CHECK ((disputed_micros >= 0)),
    CONSTRAINT fundings_rail_check CHECK ((rail = ANY (ARRAY['stripe'::text, 'manual'::text]))),
    CONSTRAINT fundings_state_check CHECK ((state = ANY (ARRAY['open'::text, 'processing'::text, 'paid'::text, 'expired'::text, 'failed'::text])))
)
WITH (fillfactor='80');

ALTER TABLE ONLY public.fundings FORCE ROW LEVEL SECURITY;

ALTER TABLE public.fundings ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.fundings_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.fx_rates (
    day date NOT NULL,
    base text NOT NULL,
    quote text NOT NULL,
    nanos bigint NOT NULL,
    source text NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT fx_rates_check CHECK ((quote <> base)),
    CONSTRAINT fx_rates_nanos_check CHECK ((nanos > 0))
);

ALTER TABLE ONLY public.fx_rates FORCE ROW LEVEL SECURITY;

CREATE TABLE public.idempotency_keys (
    user_id uuid NOT NULL,
    key text NOT NULL,
    route text NOT NULL,
    fingerprint bytea NOT NULL,
    status integer,
    body jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200)))
);

ALTER TABLE ONLY public.idempotency_keys FORCE ROW LEVEL SECURITY;

CREATE TABLE public.job_blobs (
    job_key bigint NOT NULL,
    digest bytea NOT NULL
);

ALTER TABLE ONLY public.job_blobs FORCE ROW LEVEL SECURITY;

CREATE TABLE public.jobs (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key bigint NOT NULL,
    requester_id uuid NOT NULL,
    requester_key bigint NOT NULL,
    name text NOT NULL,
    runtime text NOT NULL,
    runtime_id text NOT NULL,
    program bytea NOT NULL,
    entry text NOT NULL,
    policy text NOT NULL,
    strategy text NOT NULL,
    price_micros bigint NOT NULL,
    fee_micros bigint NOT NULL,
    budget_micros bigint NOT NULL,
    currency text DEFAULT 'usd'::text NOT NULL,
    wall_ms integer NOT NULL,
    memory_bytes bigint NOT NULL,
    output_bytes bigint NOT NULL,
    instructions bigint NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    total integer DEFAULT 0 NOT NULL,
    verified integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    executions bigint DEFAULT 0 NOT NULL,
    spent_micros bigint DEFAULT 0 NOT NULL,
    task_us bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_at timestamp with time zone,
    ended_at timestamp with time zone,
    deadline_at timestamp with time zone,
    validator text DEFAULT 'exact'::text NOT NULL,
    validator_parameters jsonb DEFAULT '{}'::jsonb NOT NULL,
    epsilon double precision,
    hold_s double precision,
    requirements jsonb DEFAULT '{}'::jsonb NOT NULL,
    weight real DEFAULT 1 NOT NULL,
    priority smallint DEFAULT 0 NOT NULL,
    verifier bytea,
    verifier_entry text DEFAULT ''::text NOT NULL,
    error_sum double precision DEFAULT 0 NOT NULL,
    singles bigint DEFAULT 0 NOT NULL,
    single_voters integer DEFAULT 0 NOT NULL,
    referee_runs bigint DEFAULT 0 NOT NULL,
    purpose text DEFAULT ''::text NOT NULL,
    bonus_micros bigint DEFAULT 0 NOT NULL,
    bonus_fee_micros bigint DEFAULT 0 NOT NULL,
    bonus_within_s double precision,
    worth_micros bigint DEFAULT 0 NOT NULL,
    CONSTRAINT jobs_bonus_is_whole CHECK (((bonus_micros > 0) = (bonus_within_s IS NOT NULL))),
    CONSTRAINT jobs_bonus_micros_check CHECK ((bonus_micros >= 0)),
    CONSTRAINT jobs_bonus_within_s_check CHECK ((bonus_within_s > (0)::double precision)),
    CONSTRAINT jobs_budget_micros_check CHECK ((budget_micros >= 0)),
    CONSTRAINT jobs_check CHECK (((fee_micros >= 0) AND (fee_micros <= price_micros))),
    CONSTRAINT jobs_check1 CHECK (((spent_micros >= 0) AND (spent_micros <= budget_micros))),
    CONSTRAINT jobs_check2 CHECK (((bonus_fee_micros >= 0) AND (bonus_fee_micros <= bonus_micros))),
    CONSTRAINT jobs_epsilon_check CHECK (((epsilon > (0)::double precision) AND (epsilon < (1)::double precision))),
    CONSTRAINT jobs_error_sum_check CHECK ((error_sum >= (0)::double precision)),
    CONSTRAINT jobs_hold_s_check CHECK ((hold_s >= (0)::double precision)),
    CONSTRAINT jobs_instructions_check CHECK ((instructions >= 0)),
    CONSTRAINT jobs_memory_bytes_check CHECK ((memory_bytes > 0)),
    CONSTRAINT jobs_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT jobs_output_bytes_check CHECK ((output_bytes > 0)),
    CONSTRAINT jobs_price_micros_check CHECK ((price_micros >= 0)),
    CONSTRAINT jobs_priority_check CHECK (((priority >= '-1'::integer) AND (priority <= 1))),
    CONSTRAINT jobs_program_check CHECK ((length(program) = 32)),
    CONSTRAINT jobs_purpose_check CHECK ((length(purpose) <= 200)),
    CONSTRAINT jobs_state_check CHECK ((state = ANY (ARRAY['open'::text, 'running'::text, 'done'::text, 'cancelled'::text]))),
    CONSTRAINT jobs_verifier_check CHECK ((length(verifier) = 32)),
    CONSTRAINT jobs_wall_ms_check CHECK ((wall_ms > 0)),
    CONSTRAINT jobs_weight_check CHECK ((weight > (0)::double precision)),
    CONSTRAINT jobs_worth_micros_check CHECK ((worth_micros >= 0))
)
WITH (fillfactor='80');

ALTER TABLE ONLY public.jobs FORCE ROW LEVEL SECURITY;

ALTER TABLE public.jobs ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.jobs_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.money_events (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    user_id uuid,
    actor_kind text NOT NULL,
    actor_id text NOT NULL,
    cause text NOT NULL,
    subject_kind text NOT NULL,
    subject_id text NOT NULL,
    event text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT money_events_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'operator'::text, 'market'::text, 'rail'::text, 'loop'::text])))
);

ALTER TABLE ONLY public.money_events FORCE ROW LEVEL SECURITY;

ALTER TABLE public.money_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.money_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.network_minutes (
    minute timestamp with time zone NOT NULL,
    verified bigint DEFAULT 0 NOT NULL,
    failed bigint DEFAULT 0 NOT NULL,
    votes_paid bigint DEFAULT 0 NOT NULL,
    votes_rejected bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.network_minutes FORCE ROW LEVEL SECURITY;

CREATE TABLE public.node_hours (
    node_key bigint NOT NULL,
    hour timestamp with time zone NOT NULL,
    currency text NOT NULL,
    votes_paid bigint DEFAULT 0 NOT NULL,
    votes_rejected bigint DEFAULT 0 NOT NULL,
    earned_micros bigint DEFAULT 0 NOT NULL,
    core_us bigint DEFAULT 0 NOT NULL,
    commission_micros bigint DEFAULT 0 NOT NULL,
    pooled_micros bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.node_hours FORCE ROW LEVEL SECURITY;

CREATE TABLE public.node_reputations (
    node_key bigint NOT NULL,
    runtime text NOT NULL,
    passes double precision DEFAULT 0 NOT NULL,
    failures double precision DEFAULT 0 NOT NULL,
    cusum double precision DEFAULT 0 NOT NULL,
    expelled_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='80');

ALTER TABLE ONLY public.node_reputations FORCE ROW LEVEL SECURITY;

CREATE TABLE public.node_totals (
    node_key bigint NOT NULL,
    currency text NOT NULL,
    votes_paid bigint DEFAULT 0 NOT NULL,
    votes_rejected bigint DEFAULT 0 NOT NULL,
    earned_micros bigint DEFAULT 0 NOT NULL,
    core_us bigint DEFAULT 0 NOT NULL,
    commission_micros bigint DEFAULT 0 NOT NULL,
    pooled_micros bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.node_totals FORCE ROW LEVEL SECURITY;

CREATE TABLE public.nodes (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key bigint NOT NULL,
    owner_id uuid NOT NULL,
    owner_key bigint NOT NULL,
    name text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    cores integer,
    memory_bytes bigint,
    runtimes text[] DEFAULT '{}'::text[] NOT NULL,
    speed real,
    platform text,
    online boolean DEFAULT false NOT NULL,
    accepting boolean,
    reason text,
    load real,
    last_seen_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    gpu text DEFAULT ''::text NOT NULL,
    country text DEFAULT ''::text NOT NULL,
    floor_micros_per_h bigint DEFAULT 0 NOT NULL,
    network text DEFAULT ''::text NOT NULL,
    referee text DEFAULT ''::text NOT NULL,
    renamed boolean DEFAULT false NOT NULL,
    CONSTRAINT nodes_cores_check CHECK ((cores > 0)),
    CONSTRAINT nodes_country_check CHECK ((country ~ '^([A-Z]{2})?$'::text)),
    CONSTRAINT nodes_floor_micros_per_h_check CHECK ((floor_micros_per_h >= 0)),
    CONSTRAINT nodes_memory_bytes_check CHECK ((memory_bytes > 0)),
    CONSTRAINT nodes_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT nodes_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'retired'::text])))
)
WITH (fillfactor='80');

ALTER TABLE ONLY public.nodes FORCE ROW LEVEL SECURITY;

ALTER TABLE public.nodes ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.nodes_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.payout_accounts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    rail text NOT NULL,
    country text NOT NULL,
    currency text NOT NULL,
    holder text DEFAULT ''::text NOT NULL,
    destination text NOT NULL,
    status text NOT NULL,
    wants text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    checked_at timestamp with time zone,
    read_at timestamp with time zone,
    CONSTRAINT payout_accounts_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT payout_accounts_destination_check CHECK (((length(destination) >= 1) AND (length(destination) <= 255))),
    CONSTRAINT payout_accounts_holder_check CHECK ((length(holder) <= 140)),
    CONSTRAINT payout_accounts_rail_check CHECK ((rail = ANY (ARRAY['stripe'::text, 'manual'::text]))),
    CONSTRAINT payout_accounts_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'active'::text, 'restricted'::text, 'closed'::text])))
);

ALTER TABLE ONLY public.payout_accounts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.payout_batches (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key bigint NOT NULL,
    message_id text NOT NULL,
    currency text NOT NULL,
    n integer NOT NULL,
    total_micros bigint NOT NULL,
    execution_date date NOT NULL,
    state text DEFAULT 'exported'::text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT payout_batches_message_id_check CHECK (((length(message_id) >= 1) AND (length(message_id) <= 35))),
    CONSTRAINT payout_batches_n_check CHECK ((n > 0)),
    CONSTRAINT payout_batches_state_check CHECK ((state = ANY (ARRAY['exported'::text, 'closed'::text]))),
    CONSTRAINT payout_batches_total_micros_check CHECK ((total_micros > 0))
);

ALTER TABLE ONLY public.payout_batches FORCE ROW LEVEL SECURITY;

ALTER TABLE public.payout_batches ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.payout_batches_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.payout_plans (
    user_id uuid NOT NULL,
    every text NOT NULL,
    currency text NOT NULL,
    threshold_micros bigint NOT NULL,
    next_on date,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    account_id uuid,
    CONSTRAINT payout_plans_check CHECK (((every = 'never'::text) = (next_on IS NULL))),
    CONSTRAINT payout_plans_every_check CHECK ((every = ANY (ARRAY['never'::text, 'daily'::text, 'weekly'::text, 'monthly'::text]))),
    CONSTRAINT payout_plans_threshold_micros_check CHECK ((threshold_micros >= 0))
);

ALTER TABLE ONLY public.payout_plans FORCE ROW LEVEL SECURITY;

CREATE TABLE public.payouts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key bigint NOT NULL,
    user_id uuid NOT NULL,
    account_id uuid NOT NULL,
    rail text NOT NULL,
    currency text NOT NULL,
    gross_micros bigint NOT NULL,
    fee_micros bigint NOT NULL,
    source_currency text,
    source_micros bigint,
    state text DEFAULT 'requested'::text NOT NULL,
    automatic boolean DEFAULT false NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    first_attempt_at timestamp with time zone,
    next_attempt_at timestamp with time zone DEFAULT now() NOT NULL,
    requested_at timestamp with time zone DEFAULT now() NOT NULL,
    transferred_at timestamp with time zone,
    paid_at timestamp with time zone,
    ended_at timestamp with time zone,
    transfer_id text,
    arrival_id text,
    bank_id text,
    batch_id uuid,
    round integer DEFAULT 0 NOT NULL,
    bounced_id text,
    reversal_id text,
    reserved_by uuid,
    CONSTRAINT payouts_check CHECK (((fee_micros >= 0) AND (fee_micros < gross_micros))),
    CONSTRAINT payouts_check1 CHECK (((source_currency IS NULL) = (source_micros IS NULL))),
    CONSTRAINT payouts_detail_check CHECK ((length(detail) <= 500)),
    CONSTRAINT payouts_gross_micros_check CHECK ((gross_micros > 0)),
    CONSTRAINT payouts_source_micros_check CHECK ((source_micros > 0)),
    CONSTRAINT payouts_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'reserved'::text, 'transferred'::text, 'paid'::text, 'failed'::text, 'returned'::text])))
)
WITH (fillfactor='80');

ALTER TABLE ONLY public.payouts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.payouts ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.payouts_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.pool_members (
    id bigint NOT NULL,
    pool_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    left_at timestamp with time zone,
    CONSTRAINT pool_members_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'manager'::text, 'member'::text])))
);

ALTER TABLE ONLY public.pool_members FORCE ROW LEVEL SECURITY;

ALTER TABLE public.pool_members ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.pool_members_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.pool_shares (
    upto bigint NOT NULL,
    job_key bigint NOT NULL,
    user_id uuid NOT NULL,
    pool_id uuid NOT NULL,
    currency text NOT NULL,
    votes bigint NOT NULL,
    gross_micros bigint NOT NULL,
    commission_bps integer NOT NULL,
    split text NOT NULL,
    commission_micros bigint NOT NULL,
    pooled_micros bigint NOT NULL,
    CONSTRAINT pool_shares_check CHECK (((commission_micros + pooled_micros) <= gross_micros)),
    CONSTRAINT pool_shares_commission_micros_check CHECK ((commission_micros >= 0)),
    CONSTRAINT pool_shares_gross_micros_check CHECK ((gross_micros > 0)),
    CONSTRAINT pool_shares_pooled_micros_check CHECK ((pooled_micros >= 0)),
    CONSTRAINT pool_shares_votes_check CHECK ((votes > 0))
);

ALTER TABLE ONLY public.pool_shares FORCE ROW LEVEL SECURITY;

CREATE TABLE public.pool_totals (
    pool_id uuid NOT NULL,
    currency text NOT NULL,
    votes bigint NOT NULL,
    gross_micros bigint NOT NULL,
    commission_micros bigint NOT NULL,
    pooled_micros bigint NOT NULL
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.pool_totals FORCE ROW LEVEL SECURITY;

CREATE TABLE public.pools (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key bigint NOT NULL,
    name text NOT NULL,
    commission_bps integer NOT NULL,
    split text NOT NULL,
    next_commission_bps integer,
    next_split text,
    next_at timestamp with time zone,
    key_digest bytea,
    rounds bigint DEFAULT 0 NOT NULL,
    turn integer DEFAULT 0 NOT NULL,
    split_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT pools_check CHECK ((num_nulls(next_commission_bps, next_split, next_at) = ANY (ARRAY[0, 3]))),
    CONSTRAINT pools_check1 CHECK (((closed_at IS NULL) OR (key_digest IS NULL))),
    CONSTRAINT pools_commission_bps_check CHECK (((commission_bps >= 0) AND (commission_bps <= 5000))),
    CONSTRAINT pools_key_digest_check CHECK ((length(key_digest) = 32)),
    CONSTRAINT pools_name_check CHECK (((length(name) >= 1) AND (length(name) <= 64))),
    CONSTRAINT pools_next_commission_bps_check CHECK (((next_commission_bps >= 0) AND (next_commission_bps <= 5000))),
    CONSTRAINT pools_next_split_check CHECK ((next_split = ANY (ARRAY['contribution'::text, 'equal'::text]))),
    CONSTRAINT pools_split_check CHECK ((split = ANY (ARRAY['contribution'::text, 'equal'::text])))
)
WITH (fillfactor='80');

ALTER TABLE ONLY public.pools FORCE ROW LEVEL SECURITY;

ALTER TABLE public.pools ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.pools_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.preferences (
    user_id uuid NOT NULL,
    version integer NOT NULL,
    document jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT preferences_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.preferences FORCE ROW LEVEL SECURITY;

CREATE TABLE public.rail_checks (
    rail text NOT NULL,
    currency text NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    rail_micros bigint NOT NULL,
    clearing_micros bigint NOT NULL,
    difference_micros bigint NOT NULL,
    unexplained integer NOT NULL,
    differs_since timestamp with time zone
);

ALTER TABLE ONLY public.rail_checks FORCE ROW LEVEL SECURITY;

CREATE TABLE public.rail_movements (
    rail text NOT NULL,
    id text NOT NULL,
    currency text NOT NULL,
    amount_micros bigint NOT NULL,
    fee_micros bigint NOT NULL,
    net_micros bigint NOT NULL,
    type text NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL,
    explained_by text,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT rail_movements_check CHECK ((net_micros = (amount_micros - fee_micros)))
);

ALTER TABLE ONLY public.rail_movements FORCE ROW LEVEL SECURITY;

CREATE TABLE public.rail_notices (
    rail text NOT NULL,
    id text NOT NULL,
    type text NOT NULL,
    account text DEFAULT ''::text NOT NULL,
    object_id text DEFAULT ''::text NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    next_attempt_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    done_at timestamp with time zone,
    error text DEFAULT ''::text NOT NULL,
    CONSTRAINT rail_notices_id_check CHECK (((length(id) >= 1) AND (length(id) <= 255)))
);

ALTER TABLE ONLY public.rail_notices FORCE ROW LEVEL SECURITY;

CREATE TABLE public.schema_migrations (
    name text NOT NULL,
    checksum bytea NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.schema_migrations FORCE ROW LEVEL SECURITY;

CREATE TABLE public.secrets (
    name text NOT NULL,
    value bytea NOT NULL
);

ALTER TABLE ONLY public.secrets FORCE ROW LEVEL SECURITY;

CREATE TABLE public.settlements (
    id bigint NOT NULL,
    upto bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.settlements FORCE ROW LEVEL SECURITY;

ALTER TABLE public.settlements ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.settlements_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.surplus_votes (
    task_id bigint NOT NULL,
    node_key bigint NOT NULL,
    job_key bigint NOT NULL,
    flush bigint NOT NULL,
    fast boolean DEFAULT false NOT NULL
);

ALTER TABLE ONLY public.surplus_votes FORCE ROW LEVEL SECURITY;

CREATE TABLE public.tasks (
    id bigint NOT NULL,
    job_key bigint NOT NULL,
    index integer NOT NULL,
    state smallint NOT NULL,
    flush bigint NOT NULL,
    digest bytea,
    outcome bytea,
    votes bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    error real,
    CONSTRAINT tasks_state_check CHECK ((state = ANY (ARRAY[1, 2, 3])))
);
ALTER TABLE ONLY public.tasks ALTER COLUMN outcome SET STORAGE EXTERNAL;

ALTER TABLE ONLY public.tasks FORCE ROW LEVEL SECURITY;

CREATE VIEW public.user_balances WITH (security_invoker='true') AS
 SELECT viewer_id AS user_id,
    currency,
    (COALESCE(sum(balance) FILTER (WHERE (kind = 'wallet'::text)), (0)::numeric))::bigint AS wallet_micros,
    (COALESCE(sum(balance) FILTER (WHERE (kind = 'earnings'::text)), (0)::numeric))::bigint AS earnings_micros,
    (COALESCE(sum(balance) FILTER (WHERE (kind = 'escrow'::text)), (0)::numeric))::bigint AS held_micros,
    (COALESCE((- sum(balance) FILTER (WHERE (kind = 'debt'::text))), (0)::numeric))::bigint AS debt_micros
   FROM ledger.accounts a
  WHERE (viewer_id IS NOT NULL)
  GROUP BY viewer_id, currency;

CREATE TABLE public.users (
    id uuid NOT NULL,
    key bigint NOT NULL,
    email text NOT NULL,
    display_name text,
    is_operator boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.users FORCE ROW LEVEL SECURITY;

ALTER TABLE public.users ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.users_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.vote_log (
    seq bigint NOT NULL,
    body bytea NOT NULL
);
ALTER TABLE ONLY public.vote_log ALTER COLUMN body SET STORAGE EXTERNAL;

ALTER TABLE ONLY public.vote_log FORCE ROW LEVEL SECURITY;

CREATE TABLE we1_private.seal (
    only_one boolean DEFAULT true NOT NULL,
    ipad bytea NOT NULL,
    opad bytea NOT NULL,
    CONSTRAINT seal_only_one_check CHECK (only_one)
);

ALTER TABLE ONLY we1_private.seal FORCE ROW LEVEL SECURITY;

ALTER TABLE ONLY auth.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.refresh_tokens
    ADD CONSTRAINT refresh_tokens_token_key UNIQUE (token);

ALTER TABLE ONLY auth.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ledger.accounts
    ADD CONSTRAINT accounts_name UNIQUE (name);

ALTER TABLE ONLY ledger.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ledger.entries
    ADD CONSTRAINT entries_pkey PRIMARY KEY (transaction_id, seq);

ALTER TABLE ONLY ledger.transactions
    ADD CONSTRAINT transactions_id_n_key UNIQUE (id, n);

ALTER TABLE ONLY ledger.transactions
    ADD CONSTRAINT transactions_key_key UNIQUE (key);

ALTER TABLE ONLY ledger.transactions
    ADD CONSTRAINT transactions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ledger.unfolded
    ADD CONSTRAINT unfolded_pkey PRIMARY KEY (account_id, transaction_id);

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.blob_owners
    ADD CONSTRAINT blob_owners_pkey PRIMARY KEY (digest, user_id);

ALTER TABLE ONLY public.blobs
    ADD CONSTRAINT blobs_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.chunks
    ADD CONSTRAINT chunks_job_key_sequence_key UNIQUE (job_key, sequence);

ALTER TABLE ONLY public.chunks
    ADD CONSTRAINT chunks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.contests
    ADD CONSTRAINT contests_pkey PRIMARY KEY (dispute_id, user_id);

ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.funding_refunds
    ADD CONSTRAINT funding_refunds_key_key UNIQUE (key);

ALTER TABLE ONLY public.funding_refunds
    ADD CONSTRAINT funding_refunds_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.funding_refunds
    ADD CONSTRAINT funding_refunds_refund_id_key UNIQUE (refund_id);

ALTER TABLE ONLY public.fundings
    ADD CONSTRAINT fundings_key_key UNIQUE (key);

ALTER TABLE ONLY public.fundings
    ADD CONSTRAINT fundings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.fundings
    ADD CONSTRAINT fundings_reference_key UNIQUE (reference);

ALTER TABLE ONLY public.fundings
    ADD CONSTRAINT fundings_session_id_key UNIQUE (session_id);

ALTER TABLE ONLY public.fx_rates
    ADD CONSTRAINT fx_rates_pkey PRIMARY KEY (day, base, quote);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key);

ALTER TABLE ONLY public.job_blobs
    ADD CONSTRAINT job_blobs_pkey PRIMARY KEY (job_key, digest);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_key_key UNIQUE (key);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.money_events
    ADD CONSTRAINT money_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.network_minutes
    ADD CONSTRAINT network_minutes_pkey PRIMARY KEY (minute);

ALTER TABLE ONLY public.node_hours
    ADD CONSTRAINT node_hours_pkey PRIMARY KEY (node_key, hour, currency);

ALTER TABLE ONLY public.node_reputations
    ADD CONSTRAINT node_reputations_pkey PRIMARY KEY (node_key, runtime);

ALTER TABLE ONLY public.node_totals
    ADD CONSTRAINT node_totals_pkey PRIMARY KEY (node_key, currency);

ALTER TABLE ONLY public.nodes
    ADD CONSTRAINT nodes_key_key UNIQUE (key);

ALTER TABLE ONLY public.nodes
    ADD CONSTRAINT nodes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.payout_accounts
    ADD CONSTRAINT payout_accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.payout_batches
    ADD CONSTRAINT payout_batches_key_key UNIQUE (key);

ALTER TABLE ONLY public.payout_batches
    ADD CONSTRAINT payout_batches_message_id_key UNIQUE (message_id);

ALTER TABLE ONLY public.payout_batches
    ADD CONSTRAINT payout_batches_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.payout_plans
    ADD CONSTRAINT payout_plans_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.payouts
    ADD CONSTRAINT payouts_key_key UNIQUE (key);

ALTER TABLE ONLY public.payouts
    ADD CONSTRAINT payouts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pool_members
    ADD CONSTRAINT pool_members_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pool_shares
    ADD CONSTRAINT pool_shares_pkey PRIMARY KEY (upto, job_key, user_id);

ALTER TABLE ONLY public.pool_totals
    ADD CONSTRAINT pool_totals_pkey PRIMARY KEY (pool_id, currency);

ALTER TABLE ONLY public.pools
    ADD CONSTRAINT pools_key_digest_key UNIQUE (key_digest);

ALTER TABLE ONLY public.pools
    ADD CONSTRAINT pools_key_key UNIQUE (key);

ALTER TABLE ONLY public.pools
    ADD CONSTRAINT pools_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.preferences
    ADD CONSTRAINT preferences_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.rail_checks
    ADD CONSTRAINT rail_checks_pkey PRIMARY KEY (rail, currency);

ALTER TABLE ONLY public.rail_movements
    ADD CONSTRAINT rail_movements_pkey PRIMARY KEY (rail, id);

ALTER TABLE ONLY public.rail_notices
    ADD CONSTRAINT rail_notices_pkey PRIMARY KEY (rail, id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.secrets
    ADD CONSTRAINT secrets_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.settlements
    ADD CONSTRAINT settlements_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.surplus_votes
    ADD CONSTRAINT surplus_votes_pkey PRIMARY KEY (task_id, node_key);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_key_key UNIQUE (key);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.vote_log
    ADD CONSTRAINT vote_log_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY we1_private.seal
    ADD CONSTRAINT seal_pkey PRIMARY KEY (only_one);

CREATE INDEX refresh_tokens_session ON auth.refresh_tokens USING btree (session_id);

CREATE INDEX sessions_user ON auth.sessions USING btree (user_id);

CREATE UNIQUE INDEX users_email_key ON auth.users USING btree (lower(email));

CREATE INDEX accounts_job ON ledger.accounts USING btree (job_id) WHERE (job_id IS NOT NULL);

CREATE INDEX accounts_owner ON ledger.accounts USING btree (owner_id) WHERE (owner_id IS NOT NULL);

CREATE INDEX accounts_pool ON ledger.accounts USING btree (pool_id) WHERE (pool_id IS NOT NULL);

CREATE INDEX accounts_viewer ON ledger.accounts USING btree (viewer_id) WHERE (viewer_id IS NOT NULL);

CREATE INDEX entries_account ON ledger.entries USING btree (account_id, transaction_id);

CREATE INDEX transactions_time ON ledger.transactions USING btree (created_at);

CREATE INDEX api_tokens_user ON public.api_tokens USING btree (user_id, created_at);

CREATE INDEX blob_owners_user ON public.blob_owners USING btree (user_id);

CREATE INDEX chunks_not_done ON public.chunks USING btree (id) WHERE (NOT done);

CREATE INDEX chunks_place ON public.chunks USING btree (job_key, first_index);

CREATE INDEX chunks_unclaimed ON public.chunks USING btree (id) WHERE ((NOT done) AND (claimed_by IS NULL));

CREATE INDEX contests_user ON public.contests USING btree (user_id, created_at);

CREATE INDEX contests_waiting ON public.contests USING btree (created_at) WHERE (state = 'waiting'::text);

CREATE INDEX disputes_job ON public.disputes USING btree (job_key, id DESC);

CREATE INDEX disputes_nodes ON public.disputes USING gin (nodes);

CREATE INDEX disputes_task ON public.disputes USING btree (task_id);

CREATE INDEX funding_refunds_funding ON public.funding_refunds USING btree (funding_id);

CREATE INDEX funding_refunds_open ON public.funding_refunds USING btree (next_attempt_at) WHERE (state = ANY (ARRAY['requested'::text, 'sent'::text]));

CREATE INDEX funding_refunds_user ON public.funding_refunds USING btree (user_id, key DESC);

CREATE UNIQUE INDEX fundings_charge ON public.fundings USING btree (charge_id) WHERE (charge_id IS NOT NULL);

CREATE INDEX fundings_open ON public.fundings USING btree (rail, created_at) WHERE (state = ANY (ARRAY['open'::text, 'processing'::text]));

CREATE INDEX fundings_user ON public.fundings USING btree (user_id, key DESC);

CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING btree (created_at);

CREATE INDEX job_blobs_digest ON public.job_blobs USING btree (digest);

CREATE INDEX jobs_not_ended ON public.jobs USING btree (key) WHERE (state = ANY (ARRAY['open'::text, 'running'::text]));

CREATE INDEX jobs_requester ON public.jobs USING btree (requester_id, key DESC);

CREATE INDEX money_events_subject ON public.money_events USING btree (subject_kind, subject_id, id);

CREATE INDEX money_events_user ON public.money_events USING btree (user_id, id DESC);

CREATE INDEX node_hours_hour ON public.node_hours USING btree (hour);

CREATE INDEX nodes_online ON public.nodes USING btree (country) WHERE online;

CREATE INDEX nodes_owner ON public.nodes USING btree (owner_id, key);

CREATE UNIQUE INDEX payout_accounts_destination ON public.payout_accounts USING btree (destination) WHERE (rail = 'stripe'::text);

CREATE UNIQUE INDEX payout_accounts_one ON public.payout_accounts USING btree (user_id, rail) WHERE (status <> 'closed'::text);

CREATE INDEX payout_plans_due ON public.payout_plans USING btree (next_on) WHERE (next_on IS NOT NULL);

CREATE INDEX payouts_account ON public.payouts USING btree (account_id);

CREATE INDEX payouts_arrival ON public.payouts USING btree (arrival_id) WHERE (arrival_id IS NOT NULL);

CREATE INDEX payouts_bank ON public.payouts USING btree (bank_id) WHERE (bank_id IS NOT NULL);

CREATE INDEX payouts_batch ON public.payouts USING btree (batch_id) WHERE (batch_id IS NOT NULL);

CREATE INDEX payouts_bounced ON public.payouts USING btree (rail, next_attempt_at) WHERE ((bounced_id IS NOT NULL) AND (state = ANY (ARRAY['transferred'::text, 'paid'::text])));

CREATE INDEX payouts_due ON public.payouts USING btree (rail, next_attempt_at) WHERE (state = ANY (ARRAY['requested'::text, 'reserved'::text]));

CREATE INDEX payouts_open ON public.payouts USING btree (user_id) WHERE (state = ANY (ARRAY['requested'::text, 'reserved'::text, 'transferred'::text]));

CREATE INDEX payouts_reserved ON public.payouts USING btree (reserved_by) WHERE (reserved_by IS NOT NULL);

CREATE INDEX payouts_reversal ON public.payouts USING btree (reversal_id) WHERE (reversal_id IS NOT NULL);

CREATE UNIQUE INDEX payouts_transfer ON public.payouts USING btree (transfer_id) WHERE (transfer_id IS NOT NULL);

CREATE INDEX payouts_travelling ON public.payouts USING btree (rail, transferred_at) WHERE (state = 'transferred'::text);

CREATE INDEX payouts_user ON public.payouts USING btree (user_id, key DESC);

CREATE UNIQUE INDEX pool_members_one_owner ON public.pool_members USING btree (pool_id) WHERE ((role = 'owner'::text) AND (left_at IS NULL));

CREATE UNIQUE INDEX pool_members_one_pool ON public.pool_members USING btree (user_id) WHERE (left_at IS NULL);

CREATE INDEX pool_members_pool ON public.pool_members USING btree (pool_id, id) WHERE (left_at IS NULL);

CREATE INDEX pool_shares_user ON public.pool_shares USING btree (user_id, upto);

CREATE INDEX pools_due ON public.pools USING btree (split_at) WHERE (closed_at IS NULL);

CREATE UNIQUE INDEX pools_name ON public.pools USING btree (lower(name));

CREATE INDEX rail_movements_open ON public.rail_movements USING btree (rail, at) WHERE (explained_by IS NULL);

CREATE INDEX rail_movements_time ON public.rail_movements USING btree (rail, at DESC);

CREATE INDEX rail_notices_due ON public.rail_notices USING btree (next_attempt_at) WHERE (done_at IS NULL);

CREATE INDEX settlements_upto ON public.settlements USING btree (upto);

CREATE INDEX surplus_votes_flush ON public.surplus_votes USING btree (flush);

CREATE INDEX tasks_flush ON public.tasks USING brin (flush);

CREATE INDEX tasks_in_order ON public.tasks USING btree (job_key, flush, id);

CREATE INDEX tasks_without_value ON public.tasks USING btree (job_key, index) WHERE (state <> 1);

CREATE INDEX users_email ON public.users USING btree (lower(email));

CREATE TRIGGER we1_follow_auth_profile AFTER UPDATE OF raw_user_meta_data ON auth.users FOR EACH ROW EXECUTE FUNCTION public.follow_auth_profile();

CREATE TRIGGER we1_follow_auth_user AFTER INSERT OR UPDATE OF email ON auth.users FOR EACH ROW EXECUTE FUNCTION public.follow_auth_user();

CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON ledger.transactions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.check_balanced();

CREATE TRIGGER immutable BEFORE DELETE OR UPDATE ON ledger.entries FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER immutable BEFORE DELETE OR UPDATE ON ledger.transactions FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER kept BEFORE TRUNCATE ON ledger.accounts FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER kept BEFORE TRUNCATE ON ledger.entries FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER kept BEFORE TRUNCATE ON ledger.transactions FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER kept_rows BEFORE DELETE ON ledger.accounts FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER refer AFTER INSERT ON ledger.entries REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION ledger.check_references();

CREATE TRIGGER immutable BEFORE DELETE OR UPDATE ON public.money_events FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER immutable BEFORE DELETE OR UPDATE ON public.pool_shares FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER kept BEFORE TRUNCATE ON public.money_events FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER limit_nodes BEFORE INSERT OR UPDATE OF status ON public.nodes FOR EACH ROW EXECUTE FUNCTION public.limit_nodes();

ALTER TABLE ONLY auth.refresh_tokens
    ADD CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES auth.sessions(id) ON DELETE CASCADE;

ALTER TABLE ONLY auth.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY ledger.unfolded
    ADD CONSTRAINT unfolded_account_id_fkey FOREIGN KEY (account_id) REFERENCES ledger.accounts(id);

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.blob_owners
    ADD CONSTRAINT blob_owners_digest_fkey FOREIGN KEY (digest) REFERENCES public.blobs(digest);

ALTER TABLE ONLY public.blob_owners
    ADD CONSTRAINT blob_owners_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.chunks
    ADD CONSTRAINT chunks_job_key_fkey FOREIGN KEY (job_key) REFERENCES public.jobs(key);

ALTER TABLE ONLY public.contests
    ADD CONSTRAINT contests_dispute_id_fkey FOREIGN KEY (dispute_id) REFERENCES public.disputes(id);

ALTER TABLE ONLY public.contests
    ADD CONSTRAINT contests_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.funding_refunds
    ADD CONSTRAINT funding_refunds_funding_id_fkey FOREIGN KEY (funding_id) REFERENCES public.fundings(id);

ALTER TABLE ONLY public.funding_refunds
    ADD CONSTRAINT funding_refunds_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.fundings
    ADD CONSTRAINT fundings_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.job_blobs
    ADD CONSTRAINT job_blobs_digest_fkey FOREIGN KEY (digest) REFERENCES public.blobs(digest);

ALTER TABLE ONLY public.job_blobs
    ADD CONSTRAINT job_blobs_job_key_fkey FOREIGN KEY (job_key) REFERENCES public.jobs(key);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_requester_id_fkey FOREIGN KEY (requester_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_requester_key_fkey FOREIGN KEY (requester_key) REFERENCES public.users(key);

ALTER TABLE ONLY public.money_events
    ADD CONSTRAINT money_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.node_hours
    ADD CONSTRAINT node_hours_node_key_fkey FOREIGN KEY (node_key) REFERENCES public.nodes(key);

ALTER TABLE ONLY public.node_reputations
    ADD CONSTRAINT node_reputations_node_key_fkey FOREIGN KEY (node_key) REFERENCES public.nodes(key);

ALTER TABLE ONLY public.node_totals
    ADD CONSTRAINT node_totals_node_key_fkey FOREIGN KEY (node_key) REFERENCES public.nodes(key);

ALTER TABLE ONLY public.nodes
    ADD CONSTRAINT nodes_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.nodes
    ADD CONSTRAINT nodes_owner_key_fkey FOREIGN KEY (owner_key) REFERENCES public.users(key);

ALTER TABLE ONLY public.payout_accounts
    ADD CONSTRAINT payout_accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.payout_batches
    ADD CONSTRAINT payout_batches_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.users(id);

ALTER TABLE ONLY public.payout_plans
    ADD CONSTRAINT payout_plans_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.payout_accounts(id);

ALTER TABLE ONLY public.payout_plans
    ADD CONSTRAINT payout_plans_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.payouts
    ADD CONSTRAINT payouts_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.payout_accounts(id);

ALTER TABLE ONLY public.payouts
    ADD CONSTRAINT payouts_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES public.payout_batches(id);

ALTER TABLE ONLY public.payouts
    ADD CONSTRAINT payouts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.pool_members
    ADD CONSTRAINT pool_members_pool_id_fkey FOREIGN KEY (pool_id) REFERENCES public.pools(id);

ALTER TABLE ONLY public.pool_members
    ADD CONSTRAINT pool_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.pool_shares
    ADD CONSTRAINT pool_shares_pool_id_fkey FOREIGN KEY (pool_id) REFERENCES public.pools(id);

ALTER TABLE ONLY public.pool_shares
    ADD CONSTRAINT pool_shares_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.pool_totals
    ADD CONSTRAINT pool_totals_pool_id_fkey FOREIGN KEY (pool_id) REFERENCES public.pools(id);

ALTER TABLE ONLY public.preferences
    ADD CONSTRAINT preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_id_fkey FOREIGN KEY (id) REFERENCES auth.users(id);

ALTER TABLE auth.refresh_tokens ENABLE ROW LEVEL SECURITY;

CREATE POLICY service ON auth.refresh_tokens TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON auth.sessions TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON auth.users TO service_role USING (true) WITH CHECK (true);

ALTER TABLE auth.sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;

ALTER TABLE ledger.accounts ENABLE ROW LEVEL SECURITY;

ALTER TABLE ledger.entries ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON ledger.accounts FOR SELECT TO authenticated USING ((viewer_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON ledger.entries FOR SELECT TO authenticated USING ((account_id = ANY (ARRAY( SELECT a.id
   FROM ledger.accounts a
  WHERE (a.viewer_id = ( SELECT auth.uid() AS uid))))));

CREATE POLICY own ON ledger.transactions FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM ledger.entries e
  WHERE (e.transaction_id = transactions.id))));

CREATE POLICY service ON ledger.accounts FOR SELECT TO service_role USING (true);

CREATE POLICY service ON ledger.entries FOR SELECT TO service_role USING (true);

CREATE POLICY service ON ledger.transactions FOR SELECT TO service_role USING (true);

CREATE POLICY service ON ledger.unfolded FOR SELECT TO service_role USING (true);

ALTER TABLE ledger.transactions ENABLE ROW LEVEL SECURITY;

ALTER TABLE ledger.unfolded ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.api_tokens ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.blob_owners ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.blobs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.chunks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.contests ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.disputes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.funding_refunds ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.fundings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.fx_rates ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.job_blobs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.jobs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.money_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.network_minutes ENABLE ROW LEVEL SECURITY;

CREATE POLICY nobody ON public.schema_migrations USING (false);

ALTER TABLE public.node_hours ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.node_reputations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.node_totals ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.nodes ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON public.api_tokens TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.blob_owners FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.blobs FOR SELECT TO authenticated USING ((digest = ANY (ARRAY( SELECT o.digest
   FROM public.blob_owners o
  WHERE (o.user_id = ( SELECT auth.uid() AS uid))))));

CREATE POLICY own ON public.chunks FOR SELECT TO authenticated USING ((job_key = ANY (ARRAY( SELECT j.key
   FROM public.jobs j
  WHERE (j.requester_id = ( SELECT auth.uid() AS uid))))));

CREATE POLICY own ON public.contests FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.disputes FOR SELECT TO authenticated USING (((job_key = ANY (ARRAY( SELECT j.key
   FROM public.jobs j
  WHERE (j.requester_id = ( SELECT auth.uid() AS uid))))) OR (nodes && ARRAY( SELECT n.key
   FROM public.nodes n
  WHERE (n.owner_id = ( SELECT auth.uid() AS uid))))));

CREATE POLICY own ON public.funding_refunds FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.fundings FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.idempotency_keys TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.job_blobs FOR SELECT TO authenticated USING ((job_key = ANY (ARRAY( SELECT j.key
   FROM public.jobs j
  WHERE (j.requester_id = ( SELECT auth.uid() AS uid))))));

CREATE POLICY own ON public.jobs FOR SELECT TO authenticated USING ((requester_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.money_events FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.node_hours FOR SELECT TO authenticated USING ((node_key = ANY (ARRAY( SELECT n.key
   FROM public.nodes n
  WHERE (n.owner_id = ( SELECT auth.uid() AS uid))))));

CREATE POLICY own ON public.node_reputations FOR SELECT TO authenticated USING ((node_key = ANY (ARRAY( SELECT n.key
   FROM public.nodes n
  WHERE (n.owner_id = ( SELECT auth.uid() AS uid))))));

CREATE POLICY own ON public.node_totals FOR SELECT TO authenticated USING ((node_key = ANY (ARRAY( SELECT n.key
   FROM public.nodes n
  WHERE (n.owner_id = ( SELECT auth.uid() AS uid))))));

CREATE POLICY own ON public.nodes TO authenticated USING ((owner_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.payout_accounts FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.payout_plans FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.payouts FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.pool_members FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.pool_shares FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.pools FOR SELECT TO authenticated USING ((id = ANY (ARRAY( SELECT m.pool_id
   FROM public.pool_members m
  WHERE ((m.user_id = ( SELECT auth.uid() AS uid)) AND (m.left_at IS NULL))))));

CREATE POLICY own ON public.preferences FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY own ON public.surplus_votes FOR SELECT TO authenticated USING (((node_key = ANY (ARRAY( SELECT n.key
   FROM public.nodes n
  WHERE (n.owner_id = ( SELECT auth.uid() AS uid))))) OR (job_key = ANY (ARRAY( SELECT j.key
   FROM public.jobs j
  WHERE (j.requester_id = ( SELECT auth.uid() AS uid)))))));

CREATE POLICY own ON public.tasks FOR SELECT TO authenticated USING ((job_key = ANY (ARRAY( SELECT j.key
   FROM public.jobs j
  WHERE (j.requester_id = ( SELECT auth.uid() AS uid))))));

CREATE POLICY own ON public.users TO authenticated USING ((id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.payout_accounts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.payout_batches ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.payout_plans ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.payouts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.pool_members ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.pool_shares ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.pool_totals ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.pools ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.preferences ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rail_checks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rail_movements ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rail_notices ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.schema_migrations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.secrets ENABLE ROW LEVEL SECURITY;

CREATE POLICY service ON public.api_tokens TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.blob_owners TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.blobs TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.chunks TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.contests TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.disputes TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.funding_refunds TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.fundings TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.fx_rates TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.idempotency_keys TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.job_blobs TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.jobs TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.money_events TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.network_minutes TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.node_hours TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.node_reputations TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.node_totals TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.nodes TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.payout_accounts TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.payout_batches TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.payout_plans TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.payouts TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.pool_members TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.pool_shares TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.pool_totals TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.pools TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.preferences TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.rail_checks TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.rail_movements TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.rail_notices TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.secrets TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.settlements TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.surplus_votes TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.tasks TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.users TO service_role USING (true) WITH CHECK (true);

CREATE POLICY service ON public.vote_log TO service_role USING (true) WITH CHECK (true);

ALTER TABLE public.settlements ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.surplus_votes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tasks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.vote_log ENABLE ROW LEVEL SECURITY;

CREATE POLICY nobody ON we1_private.seal USING (false);

ALTER TABLE we1_private.seal ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA auth TO anon;
GRANT USAGE ON SCHEMA auth TO authenticated;
GRANT USAGE ON SCHEMA auth TO service_role;

GRANT USAGE ON SCHEMA ledger TO authenticated;
GRANT USAGE ON SCHEMA ledger TO service_role;

GRANT USAGE ON SCHEMA public TO anon;
GRANT USAGE ON SCHEMA public TO authenticated;
GRANT USAGE ON SCHEMA public TO service_role;

GRANT USAGE ON SCHEMA we1_private TO we1_user;

REVOKE ALL ON FUNCTION auth.jwt() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.jwt() TO anon;
GRANT ALL ON FUNCTION auth.jwt() TO authenticated;
GRANT ALL ON FUNCTION auth.jwt() TO service_role;

REVOKE ALL ON FUNCTION auth.role() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.role() TO anon;
GRANT ALL ON FUNCTION auth.role() TO authenticated;
GRANT ALL ON FUNCTION auth.role() TO service_role;

REVOKE ALL ON FUNCTION auth.uid() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.uid() TO anon;
GRANT ALL ON FUNCTION auth.uid() TO authenticated;
GRANT ALL ON FUNCTION auth.uid() TO service_role;

REVOKE ALL ON FUNCTION ledger.check_balanced() FROM PUBLIC;

REVOKE ALL ON FUNCTION ledger.check_references() FROM PUBLIC;

REVOKE ALL ON FUNCTION ledger.fold() FROM PUBLIC;
GRANT ALL ON FUNCTION ledger.fold() TO service_role;

REVOKE ALL ON FUNCTION ledger.fold_locked(account bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION ledger.post(keys text[], kinds text[], fingerprints bytea[], metas jsonb[], of_transaction integer[], account_kinds text[], owners uuid[], jobs uuid[], pools uuid[], rails text[], currencies text[], amounts bigint[], actor_kind text, actor_id text, cause text) FROM PUBLIC;
GRANT ALL ON FUNCTION ledger.post(keys text[], kinds text[], fingerprints bytea[], metas jsonb[], of_transaction integer[], account_kinds text[], owners uuid[], jobs uuid[], pools uuid[], rails text[], currencies text[], amounts bigint[], actor_kind text, actor_id text, cause text) TO service_role;

REVOKE ALL ON FUNCTION ledger.refuse_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.follow_auth_profile() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.follow_auth_user() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.limit_nodes() FROM PUBLIC;

REVOKE ALL ON FUNCTION we1_private.enter(claims text, proof text) FROM PUBLIC;
GRANT ALL ON FUNCTION we1_private.enter(claims text, proof text) TO we1_user;

REVOKE ALL ON FUNCTION we1_private.hmac(message text) FROM PUBLIC;

REVOKE ALL ON FUNCTION we1_private.seal_of(claims text) FROM PUBLIC;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.refresh_tokens TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.sessions TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.users TO service_role;

GRANT SELECT ON TABLE ledger.accounts TO authenticated;
GRANT SELECT ON TABLE ledger.accounts TO service_role;

GRANT SELECT ON TABLE ledger.unfolded TO service_role;

GRANT SELECT ON TABLE ledger.balances TO service_role;

GRANT SELECT ON TABLE ledger.entries TO authenticated;
GRANT SELECT ON TABLE ledger.entries TO service_role;

GRANT SELECT ON TABLE ledger.transactions TO authenticated;
GRANT SELECT ON TABLE ledger.transactions TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_tokens TO service_role;

GRANT SELECT(id) ON TABLE public.api_tokens TO authenticated;

GRANT SELECT(user_id) ON TABLE public.api_tokens TO authenticated;

GRANT SELECT(name) ON TABLE public.api_tokens TO authenticated;

GRANT SELECT(scopes) ON TABLE public.api_tokens TO authenticated;

GRANT SELECT(created_at) ON TABLE public.api_tokens TO authenticated;

GRANT SELECT(last_used_at) ON TABLE public.api_tokens TO authenticated;

GRANT SELECT(expires_at) ON TABLE public.api_tokens TO authenticated;

GRANT SELECT(revoked_at) ON TABLE public.api_tokens TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.blob_owners TO service_role;
GRANT SELECT ON TABLE public.blob_owners TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.blobs TO service_role;
GRANT SELECT ON TABLE public.blobs TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.chunks TO service_role;
GRANT SELECT ON TABLE public.chunks TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.contests TO service_role;
GRANT SELECT ON TABLE public.contests TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.disputes TO service_role;
GRANT SELECT ON TABLE public.disputes TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.funding_refunds TO service_role;
GRANT SELECT ON TABLE public.funding_refunds TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.fundings TO service_role;
GRANT SELECT ON TABLE public.fundings TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.fx_rates TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency_keys TO service_role;
GRANT SELECT ON TABLE public.idempotency_keys TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job_blobs TO service_role;
GRANT SELECT ON TABLE public.job_blobs TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.jobs TO service_role;
GRANT SELECT ON TABLE public.jobs TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.money_events TO service_role;
GRANT SELECT ON TABLE public.money_events TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.network_minutes TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.node_hours TO service_role;
GRANT SELECT ON TABLE public.node_hours TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.node_reputations TO service_role;
GRANT SELECT ON TABLE public.node_reputations TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.node_totals TO service_role;
GRANT SELECT ON TABLE public.node_totals TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.nodes TO service_role;
GRANT SELECT ON TABLE public.nodes TO authenticated;

GRANT UPDATE(name) ON TABLE public.nodes TO authenticated;

GRANT UPDATE(status) ON TABLE public.nodes TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.payout_accounts TO service_role;
GRANT SELECT ON TABLE public.payout_accounts TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.payout_batches TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.payout_plans TO service_role;
GRANT SELECT ON TABLE public.payout_plans TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.payouts TO service_role;
GRANT SELECT ON TABLE public.payouts TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pool_members TO service_role;
GRANT SELECT ON TABLE public.pool_members TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pool_shares TO service_role;
GRANT SELECT ON TABLE public.pool_shares TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pool_totals TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pools TO service_role;

GRANT SELECT(id) ON TABLE public.pools TO authenticated;

GRANT SELECT(key) ON TABLE public.pools TO authenticated;

GRANT SELECT(name) ON TABLE public.pools TO authenticated;

GRANT SELECT(commission_bps) ON TABLE public.pools TO authenticated;

GRANT SELECT(split) ON TABLE public.pools TO authenticated;

GRANT SELECT(next_commission_bps) ON TABLE public.pools TO authenticated;

GRANT SELECT(next_split) ON TABLE public.pools TO authenticated;

GRANT SELECT(next_at) ON TABLE public.pools TO authenticated;

GRANT SELECT(created_at) ON TABLE public.pools TO authenticated;

GRANT SELECT(closed_at) ON TABLE public.pools TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.preferences TO service_role;
GRANT SELECT ON TABLE public.preferences TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rail_checks TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rail_movements TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rail_notices TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.secrets TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.settlements TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.surplus_votes TO service_role;
GRANT SELECT ON TABLE public.surplus_votes TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tasks TO service_role;
GRANT SELECT ON TABLE public.tasks TO authenticated;

GRANT SELECT ON TABLE public.user_balances TO authenticated;
GRANT SELECT ON TABLE public.user_balances TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.users TO service_role;
GRANT SELECT ON TABLE public.users TO authenticated;

GRANT UPDATE(display_name) ON TABLE public.users TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vote_log TO service_role;
