import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { accountChange } from "../../api";
import { type Session, session } from "../../app/session";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { CopyField } from "../../components/copy_field";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Input } from "../../components/field";
import { toast } from "../../components/toast";
import { NAME_CHARS } from "../login/check";
import { text } from "./messages";
import { Section } from "./section";

export function Profile({ known }: { known: Session }) {
  const t = useText(text);
  const [name, setName] = useState(known.user.name);
  const wanted = name.trim();
  const length = [...wanted].length;
  const save = useMutation({
    mutationFn: () => accountChange({ body: { display_name: wanted } }),
    onSuccess: () => {
      session.rename(wanted);
      toast(t("nameSaved"));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (length <= NAME_CHARS) save.mutate();
  };
  const tooLong = length > NAME_CHARS ? t("nameLong", { most: NAME_CHARS, count: length }) : undefined;
  return (
    <Section id="profile" title={t("profile")} hint={t("profileHint")}>
      <Card>
        <form onSubmit={submit} className="flex flex-col gap-5">
          <Field label={t("name")} hint={t("nameHint")} error={tooLong}>
            <Input
              value={name}
              name="name"
              autoComplete="nickname"
              onChange={(event) => setName(event.currentTarget.value)}
            />
          </Field>
          {save.isError && <ErrorNotice error={save.error} />}
          <div>
            <Button
              type="submit"
              variant="primary"
              busy={save.isPending}
              disabled={wanted === known.user.name || Boolean(tooLong)}
            >
              {t("save")}
            </Button>
          </div>
        </form>
        <dl className="mt-6 flex flex-col gap-5 border-line border-t pt-5">
          <div>
            <dt className="font-medium">{t("email")}</dt>
            <dd className="mt-0.5 break-all">{known.user.email}</dd>
            <dd className="mt-0.5 text-ink-faint">{t("emailHint")}</dd>
          </div>
          <div>
            <dt className="mb-1.5 font-medium">{t("memberSince")}</dt>
            <dd>
              <CopyField label={t("memberSince")} value={known.user.id} />
            </dd>
          </div>
        </dl>
      </Card>
    </Section>
  );
}
