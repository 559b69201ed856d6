import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { LinkButton } from "../components/button";
import { Card } from "../components/card";
import { EmptyState } from "../components/empty_state";
import { ErrorNotice } from "../components/error_notice";
import { Skeleton, SkeletonText } from "../components/skeleton";
import { useText } from "./text";
import { usePageTitle } from "./title";
import { words } from "./words";

/** What stands in for a page: while it comes, when it breaks, when there is none. */
export function PagePending() {
  const t = useText(words);
  return (
    <div role="status" aria-label={t("loading")}>
      <Skeleton className="mb-8 h-8 w-48" />
      <Card>
        <SkeletonText lines={4} />
      </Card>
    </div>
  );
}

export function PageError({ error, reset }: ErrorComponentProps) {
  const t = useText(words);
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div className="mx-auto flex w-full max-w-2xl flex-col gap-4 py-8">
      <h1 className="font-semibold text-xl">{t("broken")}</h1>
      <ErrorNotice error={error} onRetry={retry} />
    </div>
  );
}

export function PageMissing() {
  const t = useText(words);
  usePageTitle(t("notFound"));
  const back = (
    <LinkButton to="/" variant="primary">
      {t("toStart")}
    </LinkButton>
  );
  return (
    <main className="grid min-h-dvh place-items-center px-4">
      <EmptyState icon={<Compass className="size-6" />} title={<h1>{t("notFound")}</h1>} action={back}>
        {t("notFoundHint")}
      </EmptyState>
    </main>
  );
}
