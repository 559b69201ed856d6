import { Link, useSearch } from "@tanstack/react-router";
import { useText } from "../../app/text";
import { LoginForm } from "../login/form";
import { FormFrame, INLINE_LINK } from "../login/frame";
import { text } from "../login/messages";

export function Page() {
  const t = useText(text);
  const search = useSearch({ from: "/open/signup" });
  const link = (parts: React.ReactNode) => (
    <Link to="/login" search={search} className={INLINE_LINK}>
      {parts}
    </Link>
  );
  return (
    <FormFrame title={t("signup")} lead={t("signupLead")} below={t.rich("hasAccount", { link })}>
      <LoginForm isNew />
    </FormFrame>
  );
}
