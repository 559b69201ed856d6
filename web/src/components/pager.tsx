import { ChevronLeft, ChevronRight } from "lucide-react";
import { useText } from "../app/text";
import { Button } from "./button";
import { words } from "./words";

/** Through a list that the coordinator gives page by page: `next` is the cursor of its answer, null at the end. */
export function Pager(props: {
  /** Whether this page is not the first. */
  moved: boolean;
  next: string | null | undefined;
  onFirst: () => void;
  onNext: (cursor: string) => void;
}) {
  const { moved, next, onFirst, onNext } = props;
  const t = useText(words);
  if (!moved && !next) return null;
  return (
    <nav className="flex items-center justify-end gap-2 px-4 py-3">
      <Button size="sm" disabled={!moved} onClick={onFirst} icon={<ChevronLeft aria-hidden className="size-4" />}>
        {t("newest")}
      </Button>
      <Button size="sm" disabled={!next} onClick={() => next && onNext(next)}>
        {t("older")}
        <ChevronRight aria-hidden className="size-4" />
      </Button>
    </nav>
  );
}
