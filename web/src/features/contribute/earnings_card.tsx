import { useQuery } from "@tanstack/react-query";
import { paymentsEarnings } from "../../api";
import { useText } from "../../app/text";
import { LinkButton } from "../../components/button";
import { Card } from "../../components/card";
import { ErrorNotice } from "../../components/error_notice";
import { Stat, Stats } from "../../components/stat";
import { Money } from "../../components/values";
import { text } from "./messages";

const REFRESH_MS = 15_000;

/** What all devices of this account earned. */
export function EarningsCard() {
  const t = useText(text);
  const earnings = useQuery({
    queryKey: ["earnings"],
    queryFn: ({ signal }) => paymentsEarnings({ query: { limit: 1 }, signal }),
    refetchInterval: REFRESH_MS,
  });
  const balance = earnings.data?.balances[0];
  return (
    <Card
      title={t("earnings")}
      hint={t("earningsHint")}
      actions={
        <LinkButton to="/wallet" search={{}} size="sm">
          {t("toWallet")}
        </LinkButton>
      }
    >
      {earnings.isError ? (
        <ErrorNotice error={earnings.error} onRetry={() => void earnings.refetch()} />
      ) : (
        <Stats>
          <Stat label={t("balance")} value={earnings.data && <Money micros={balance?.earnings_micros ?? 0} />} />
        </Stats>
      )}
    </Card>
  );
}
