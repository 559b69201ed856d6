import { CircleAlert, RotateCw } from "lucide-react";
import { describe } from "../app/errors";
import { useLocale } from "../app/locale";
import { useText } from "../app/text";
import { Button } from "./button";
import { words } from "./words";

/** What went wrong and what to do next; with `onRetry` a button where trying again can help. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useText(words);
  const { message, hint } = describe(error, useLocale());
  return (
    <div role="alert" className="flex items-start gap-3 rounded-md bg-bad-soft px-4 py-3">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{message}</p>
        {hint && <p className="text-ink-soft break-words">{hint}</p>}
      </div>
      {onRetry && (
        <Button size="sm" icon={<RotateCw aria-hidden className="size-3.5" />} onClick={onRetry}>
          {t("retry")}
        </Button>
      )}
    </div>
  );
}
