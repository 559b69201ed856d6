import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type PoolOrder, poolsCreate, poolsJoin } from "../../api";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Input } from "../../components/field";
import { toast } from "../../components/toast";
import { MINE } from "./keys";
import { text } from "./messages";
import { type TermsFaults, TermsFields, termsOf } from "./terms_fields";

const NAME_CHARS = 64;
const KEY_CHARS = 100;

/** For who is in no pool: join one, or found one. */
export function Outside({ onKey }: { onKey: (key: string) => void }) {
  return (
    <div className="grid items-start gap-4 sm:gap-6 lg:grid-cols-2">
      <Join />
      <Found onKey={onKey} />
    </div>
  );
}

function Join() {
  const t = useText(text);
  const queries = useQueryClient();
  const [empty, setEmpty] = useState(false);
  const join = useMutation({
    mutationFn: (key: string) => poolsJoin({ body: { key } }),
    onSuccess: (pool) => {
      queries.setQueryData(MINE, { pool });
      toast(t("joined", { name: pool.name }));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get("key")).trim();
    setEmpty(key === "");
    if (key && !join.isPending) join.mutate(key);
  };
  return (
    <Card title={t("join")} hint={t("joinHint")}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label={t("key")} hint={t("keyFieldHint")} error={empty ? t("keyMissing") : undefined}>
          <Input
            name="key"
            maxLength={KEY_CHARS}
            placeholder="we1pool_…"
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
          />
        </Field>
        {join.isError && <ErrorNotice error={join.error} />}
        <Button type="submit" variant="primary" busy={join.isPending} className="self-start">
          {t("joinButton")}
        </Button>
      </form>
    </Card>
  );
}

function Found({ onKey }: { onKey: (key: string) => void }) {
  const t = useText(text);
  const queries = useQueryClient();
  const [faults, setFaults] = useState<TermsFaults & { name?: boolean }>({});
  const found = useMutation({
    mutationFn: (order: PoolOrder) => poolsCreate({ body: order }),
    onSuccess: ({ pool, key }) => {
      queries.setQueryData(MINE, { pool });
      onKey(key);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const name = String(entered.get("name")).trim();
    const terms = termsOf(entered);
    setFaults({ name: name === "", commission: terms === undefined });
    if (name && terms && !found.isPending) found.mutate({ name, ...terms });
  };
  return (
    <Card title={t("found")} hint={t("foundHint")}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <Field label={t("name")} hint={t("nameHint")} error={faults.name ? t("nameMissing") : undefined}>
          <Input name="name" maxLength={NAME_CHARS} autoComplete="off" />
        </Field>
        <TermsFields terms={{ commission_bps: 0, split: "contribution" }} faults={faults} />
        {found.isError && <ErrorNotice error={found.error} />}
        <Button type="submit" busy={found.isPending} className="self-start">
          {t("foundButton")}
        </Button>
      </form>
    </Card>
  );
}
