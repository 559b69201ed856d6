import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { text } from "./messages";

/** Through members in the order they joined. */
export function MemberPager(props: {
  moved: boolean;
  next: string | null | undefined;
  onGo: (cursor: string | undefined) => void;
}) {
  const t = useText(text);
  const { moved, next, onGo } = props;
  if (!moved && !next) return null;
  return (
    <nav aria-label={t("members")} className="flex items-center justify-end gap-2 px-4 py-3">
      <Button size="sm" disabled={!moved} onClick={() => onGo(undefined)}>
        {t("first")}
      </Button>
      <Button size="sm" disabled={!next} onClick={() => next && onGo(next)}>
        {t("further")}
      </Button>
    </nav>
  );
}
