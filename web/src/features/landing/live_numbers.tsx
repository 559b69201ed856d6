import { useQuery } from "@tanstack/react-query";
import { networkNetwork } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { ErrorNotice } from "../../components/error_notice";
import { Stat } from "../../components/stat";
import { text } from "./messages";

const EVERY_MS = 10_000;
const SHOWN = [
  ["online", "nodes_online"],
  ["verified", "tasks_verified"],
  ["votes", "votes"],
  ["jobs", "jobs_live"],
] as const;

/** How this very network is doing. */
export function LiveNumbers() {
  const t = useText(text);
  const format = useFormat();
  const network = useQuery({
    queryKey: ["network"],
    queryFn: ({ signal }) => networkNetwork({ signal }),
    refetchInterval: EVERY_MS,
  });
  const numbers = network.data?.numbers;
  return (
    <section aria-labelledby="now" className="border-line border-y py-6">
      <h2 id="now" className="mb-4 flex items-center gap-2 font-medium text-sm">
        <span aria-hidden className="size-2 animate-pulse rounded-full bg-accent" />
        {t("now")}
      </h2>
      {network.error && !numbers ? (
        <ErrorNotice error={network.error} onRetry={() => void network.refetch()} />
      ) : (
        <dl className="grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-4">
          {SHOWN.map(([label, name]) => (
            <Stat key={name} large label={t(label)} value={numbers && format.compact(numbers[name] ?? 0)} />
          ))}
        </dl>
      )}
      <p className="mt-4 text-ink-faint">{t(numbers?.nodes_online === 0 ? "first" : "counted")}</p>
    </section>
  );
}
