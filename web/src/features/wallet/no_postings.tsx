import { Receipt } from "lucide-react";
import { useText } from "../../app/text";
import { LinkButton } from "../../components/button";
import { EmptyState } from "../../components/empty_state";
import type { Account } from "./account";
import { text } from "./messages";

/** Why an account has no postings, and what would make one. */
export function NoPostings({ account }: { account: Account }) {
  const t = useText(text);
  return (
    <EmptyState icon={<Receipt className="size-6" />} title={t(`empty_${account}`)} action={<Way account={account} />}>
      {t(`empty_${account}Text`)}
    </EmptyState>
  );
}

function Way({ account }: { account: Account }) {
  const t = useText(text);
  if (account === "wallet") return null;
  if (account === "earnings") return <LinkButton to="/contribute">{t("toContribute")}</LinkButton>;
  return (
    <LinkButton to="/jobs/new" search={{}}>
      {t("toNewJob")}
    </LinkButton>
  );
}
