import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { authLogin, authRegister } from "../../api";
import { describe } from "../../app/errors";
import { useLocale } from "../../app/locale";
import { session } from "../../app/session";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Input } from "../../components/field";
import { type Entries, type Fault, type FieldName, faultOf, fieldOf } from "./check";
import { text } from "./messages";
import { PasswordInput } from "./password";

async function enter({ email, password, name }: Entries, isNew: boolean): Promise<void> {
  const given = { email: email.trim(), password };
  const display_name = name.trim() || null;
  session.begin(isNew ? await authRegister({ body: { ...given, display_name } }) : await authLogin({ body: given }));
}

/** Logs in, or makes an account and logs in. Where to go then is the router's business: the session has changed. */
export function LoginForm({ isNew }: { isNew: boolean }) {
  const t = useText(text);
  const locale = useLocale();
  const [fault, setFault] = useState<Fault>();
  const entering = useMutation({ mutationFn: (entries: Entries) => enter(entries, isNew) });

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const entries = read(form);
    const found = faultOf(entries, isNew);
    setFault(found);
    if (found) return focus(form, found.field);
    entering.mutate(entries, { onError: (error) => focus(form, fieldOf(error) ?? "password") });
  };
  const said = (field: FieldName): string | undefined => {
    if (fault) return fault.field === field ? t(fault.key, { ...fault }) : undefined;
    if (fieldOf(entering.error) !== field) return undefined;
    const { message, hint } = describe(entering.error, locale);
    return `${message} ${hint}`;
  };

  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-5">
      {entering.error && !fault && !fieldOf(entering.error) && <ErrorNotice error={entering.error} />}
      <Field label={t("email")} error={said("email")}>
        <Input name="email" type="email" autoComplete="username" inputMode="email" maxLength={254} required />
      </Field>
      <Field label={t("password")} error={said("password")} hint={isNew && t("passwordHint")}>
        <PasswordInput isNew={isNew} />
      </Field>
      {isNew && (
        <Field label={t("name")} error={said("name")} hint={t("nameHint")}>
          <Input name="name" autoComplete="nickname" />
        </Field>
      )}
      <Button type="submit" variant="primary" size="lg" busy={entering.isPending}>
        {t(isNew ? "signup" : "login")}
      </Button>
    </form>
  );
}

function read(form: HTMLFormElement): Entries {
  const data = new FormData(form);
  const entry = (name: FieldName) => String(data.get(name) ?? "");
  return { email: entry("email"), password: entry("password"), name: entry("name") };
}

function focus(form: HTMLFormElement, field: FieldName): void {
  form.querySelector<HTMLInputElement>(`[name=${field}]`)?.focus();
}
