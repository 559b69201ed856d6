import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ApiError, gotruePutUser } from "../../api";
import { describe } from "../../app/errors";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { ErrorNotice } from "../../components/error_notice";
import { Field } from "../../components/field";
import { toast } from "../../components/toast";
import { PASSWORD_CHARS } from "../login/check";
import { PasswordInput } from "../login/password";
import { SESSIONS } from "./keys";
import { text } from "./messages";
import { Section } from "./section";

const ABOUT_THE_PASSWORD = ["weak_password", "same_password"];

export function Password({ email }: { email: string }) {
  const t = useText(text);
  const locale = useLocale();
  const queries = useQueryClient();
  const [left, setLeft] = useState(0);
  const [round, setRound] = useState(0);
  const change = useMutation({
    mutationFn: (password: string) => gotruePutUser({ body: { password } }),
    onSuccess: () => {
      toast(t("passwordChanged"));
      setRound(round + 1);
      void queries.invalidateQueries({ queryKey: SESSIONS });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    const missing = Math.max(0, PASSWORD_CHARS - [...password].length);
    setLeft(missing);
    if (missing === 0) change.mutate(password);
  };
  const about = change.error instanceof ApiError && ABOUT_THE_PASSWORD.includes(change.error.code);
  const refused = about ? Object.values(describe(change.error, locale)).join(" ") : undefined;
  const error = left > 0 ? t("passwordShort", { left }) : refused;
  return (
    <Section id="password" title={t("password")} hint={t("passwordHint")}>
      <Card>
        <form onSubmit={submit} noValidate className="flex flex-col gap-5">
          {/* Where password managers look for whom the new password is. */}
          <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
          <Field label={t("newPassword")} hint={t("newPasswordHint", { count: PASSWORD_CHARS })} error={error}>
            <PasswordInput key={round} isNew />
          </Field>
          {change.isError && !about && <ErrorNotice error={change.error} />}
          <div>
            <Button type="submit" busy={change.isPending}>
              {t("changePassword")}
            </Button>
          </div>
        </form>
      </Card>
    </Section>
  );
}
