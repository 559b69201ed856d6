import { Link, useSearch } from "@tanstack/react-router";
import { useText } from "../../app/text";
import { LoginForm } from "./form";
import { FormFrame, INLINE_LINK } from "./frame";
import { text } from "./messages";

export function Page() {
  const t = useText(text);
  const search = useSearch({ from: "/open/login" });
  const link = (parts: React.ReactNode) => (
    <Link to="/signup" search={search} className={INLINE_LINK}>
      {parts}
    </Link>
  );
  return (
    <FormFrame
      title={t("login")}
      lead={t(search.next ? "comeBack" : "loginLead")}
      below={t.rich("noAccount", { link })}
    >
      <LoginForm isNew={false} />
    </FormFrame>
  );
}
