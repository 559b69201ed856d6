import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { CopyField } from "../../components/copy_field";
import { Dialog } from "../../components/dialog";
import { text } from "./messages";

/** The key to join with, which cannot be read again: it does not go away by a touch beside it. */
export function NewKeyDialog({ secret, onClose }: { secret: string | undefined; onClose: () => void }) {
  const t = useText(text);
  const change = (open: boolean, details?: { reason: string }) => {
    if (!open && details?.reason !== "outside-press") onClose();
  };
  return (
    <Dialog
      open={secret !== undefined}
      onOpenChange={change}
      title={t("keyTitle")}
      hint={t("keyHint")}
      actions={
        <Button variant="primary" onClick={onClose}>
          {t("done")}
        </Button>
      }
    >
      <CopyField label={t("key")} value={secret ?? ""} />
    </Dialog>
  );
}
