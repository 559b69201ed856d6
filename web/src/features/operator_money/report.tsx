import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type MoneyReport, paymentsMoneyReport } from "../../api";
import { Card } from "../../components/card";
import { ErrorNotice } from "../../components/error_notice";
import { SkeletonText } from "../../components/skeleton";
import { EVERY_MS, REPORT } from "./keys";

/** What the coordinator reports, or why there is nothing to show; two parts of the page show parts of it. */
export function WithReport({ children }: { children: (report: MoneyReport) => ReactNode }) {
  const report = useQuery({
    queryKey: REPORT,
    queryFn: ({ signal }) => paymentsMoneyReport({ signal }),
    refetchInterval: EVERY_MS,
  });
  return (
    <div className="flex flex-col gap-4 sm:gap-6">
      {report.isError && <ErrorNotice error={report.error} onRetry={() => void report.refetch()} />}
      {report.isPending && (
        <Card>
          <SkeletonText lines={8} />
        </Card>
      )}
      {report.data && children(report.data)}
    </div>
  );
}
