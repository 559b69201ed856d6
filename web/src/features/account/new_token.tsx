import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { authCreateToken, type TokenCreated, type TokenOrder } from "../../api";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { CopyField } from "../../components/copy_field";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Input } from "../../components/field";
import { NAME_CHARS } from "../login/check";
import { TOKENS } from "./keys";
import { text } from "./messages";
import { nodeCommand, tokenVariables } from "./shell";

type Scope = TokenOrder["scopes"][number];
const SCOPES: readonly Scope[] = ["jobs", "node"];

/** Asks what the token is for, then shows its secret: once. */
export function NewToken({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useText(text);
  const form = useId();
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: (order: TokenOrder) => authCreateToken({ body: order }),
    onSuccess: () => queries.invalidateQueries({ queryKey: TOKENS }),
  });
  const made = make.data;
  /** A secret that cannot be read again does not go away by a touch beside it. */
  const change = (next: boolean, details?: { reason: string }) => {
    if (make.isPending || (made && details?.reason === "outside-press")) return;
    onOpenChange(next);
    if (!next) make.reset();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={t(made ? "madeTitle" : "newToken")}
      hint={made && t("madeHint")}
      actions={
        made ? (
          <Button variant="primary" onClick={() => change(false)}>
            {t("done")}
          </Button>
        ) : (
          <Button type="submit" form={form} variant="primary" busy={make.isPending}>
            {t("makeToken")}
          </Button>
        )
      }
    >
      {made ? <Made token={made} /> : <Order id={form} onOrder={make.mutate} />}
      {make.isError && (
        <div className="mt-4">
          <ErrorNotice error={make.error} />
        </div>
      )}
    </Dialog>
  );
}

function Order({ id, onOrder }: { id: string; onOrder: (order: TokenOrder) => void }) {
  const t = useText(text);
  const [faults, setFaults] = useState({ name: false, scopes: false });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const order = { name: String(entered.get("name")).trim(), scopes: entered.getAll("scopes") as Scope[] };
    const next = { name: order.name === "", scopes: order.scopes.length === 0 };
    setFaults(next);
    if (!next.name && !next.scopes) onOrder(order);
  };
  return (
    <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Field label={t("tokenName")} hint={t("tokenNameHint")} error={faults.name ? t("tokenNameMissing") : undefined}>
        <Input name="name" maxLength={NAME_CHARS} placeholder={t("tokenNamePlaceholder")} autoComplete="off" />
      </Field>
      <fieldset className="flex flex-col gap-2" aria-describedby={faults.scopes ? `${id}-scopes` : undefined}>
        <legend className="mb-1.5 font-medium">{t("scopes")}</legend>
        {SCOPES.map((scope) => (
          <ScopeChoice key={scope} scope={scope} />
        ))}
        {faults.scopes && (
          <p id={`${id}-scopes`} role="alert" className="text-bad">
            {t("scopeMissing")}
          </p>
        )}
      </fieldset>
    </form>
  );
}

function ScopeChoice({ scope }: { scope: Scope }) {
  const t = useText(text);
  return (
    <label className="flex cursor-pointer items-start gap-3 rounded-md border border-line px-3 py-2.5 hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft/40">
      <input type="checkbox" name="scopes" value={scope} className="mt-0.5 size-4 shrink-0 accent-accent" />
      <span>
        <span className="font-medium">{t(`scope_${scope}`)}</span>
        <span className="block text-ink-soft">{t(`scopeHint_${scope}`)}</span>
      </span>
    </label>
  );
}

function Made({ token }: { token: TokenCreated }) {
  const t = useText(text);
  const origin = globalThis.location.origin;
  return (
    <div className="flex flex-col gap-5">
      <CopyField label={t("secret")} value={token.token} />
      {token.scopes.includes("node") && <Command label={t("use_node")} value={nodeCommand(origin, token.token)} />}
      {token.scopes.includes("jobs") && <Command label={t("use_jobs")} value={tokenVariables(origin, token.token)} />}
    </div>
  );
}

function Command({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <p className="mb-1.5 font-medium">{label}</p>
      <CopyField label={label} value={value} />
    </div>
  );
}
