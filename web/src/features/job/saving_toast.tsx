import { useEffect, useSyncExternalStore } from "react";
import { describe } from "../../app/errors";
import { useFormat } from "../../app/format";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { toast } from "../../components/toast";
import type { Saving } from "./download";
import { text } from "./messages";

/** How far a file has come; it closes itself and says how it ended. */
export function SavingToast({ saving, onClose }: { saving: Saving; onClose: () => void }) {
  const t = useText(text);
  const format = useFormat();
  const locale = useLocale();
  const bytes = useSyncExternalStore(saving.subscribe, () => saving.bytes);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a file ends once
  useEffect(() => {
    saving.ended.then(
      (done) => {
        onClose();
        if (done) toast(t("saved"));
      },
      (error) => {
        onClose();
        const { message, hint } = describe(error, locale);
        toast(t("notSaved", { why: `${message} ${hint}` }), { tone: "bad", stays: true });
      },
    );
  }, [saving]);
  return <>{t("saving", { bytes: format.bytes(bytes) })}</>;
}
