import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { networkNetwork } from "../../api";
import { useText } from "../../app/text";
import { StatePill } from "../../components/badge";
import { ErrorNotice } from "../../components/error_notice";
import { PageHeader } from "../../components/page_header";
import { Headline } from "./headline";
import { MapCard } from "./map_card";
import { text } from "./messages";
import { Quality } from "./quality";
import { Throughput } from "./throughput";
import { Totals } from "./totals";
import { type View, viewOf } from "./view";

/** The coordinator counts again about as often. */
const REFETCH_MS = 5_000;

export function Page() {
  const t = useText(text);
  const { country } = useSearch({ from: "/shell/network" });
  const navigate = useNavigate({ from: "/network" });
  const network = useQuery({
    queryKey: ["network", "all"],
    queryFn: ({ signal }) => networkNetwork({ signal }),
    refetchInterval: REFETCH_MS,
  });
  const view = useMemo(() => network.data && viewOf(network.data), [network.data]);
  return (
    <>
      <PageHeader title={t("title")} actions={<Liveliness view={view} failing={network.isError} />}>
        {t("lead")}
      </PageHeader>
      {network.isError && (
        <div className="mb-4">
          <ErrorNotice error={network.error} onRetry={() => void network.refetch()} />
        </div>
      )}
      {(view || !network.isError) && (
        <div className="flex flex-col gap-4 sm:gap-6">
          <Headline view={view} />
          <MapCard
            places={view?.places}
            marked={country}
            onMark={(next) => void navigate({ search: { country: next }, replace: true })}
          />
          <div className="grid gap-4 sm:gap-6 lg:grid-cols-3">
            <Throughput hour={view?.hour} />
            <Quality view={view} />
          </div>
          <Totals view={view} />
        </div>
      )}
    </>
  );
}

/** Whether what is shown is of now, and whether anybody works. */
function Liveliness({ view, failing }: { view: View | undefined; failing: boolean }) {
  const t = useText(text);
  if (!view) return null;
  if (failing) return <StatePill tone="warn">{t("stale")}</StatePill>;
  return view.nodes > 0 ? (
    <StatePill tone="good" live>
      {t("live")}
    </StatePill>
  ) : (
    <StatePill tone="neutral">{t("idle")}</StatePill>
  );
}
