import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useText } from "../app/text";
import { Button, IconButton } from "./button";
import { cx } from "./cx";
import { words } from "./words";

/** A window over the page; on phones it comes from below. Opened and closed by `open`, so that the page decides. */
export function Dialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  hint?: ReactNode;
  children?: ReactNode;
  /** Buttons at the end. */
  actions?: ReactNode;
  wide?: boolean;
}) {
  const { open, onOpenChange, title, hint, children, actions, wide = false } = props;
  const t = useText(words);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Popup
          className={cx(
            "fixed inset-x-0 bottom-0 z-50 flex max-h-[90dvh] flex-col rounded-t-lg bg-surface text-ink shadow-float transition duration-150",
            "data-[ending-style]:translate-y-4 data-[ending-style]:opacity-0 data-[starting-style]:translate-y-4 data-[starting-style]:opacity-0",
            "sm:top-1/2 sm:right-auto sm:bottom-auto sm:left-1/2 sm:w-full sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-lg",
            wide ? "sm:max-w-3xl" : "sm:max-w-md",
          )}
        >
          <div className="flex items-start justify-between gap-4 px-5 pt-5">
            <div className="min-w-0">
              <Base.Title className="font-semibold text-lg">{title}</Base.Title>
              {hint && <Base.Description className="mt-1 text-ink-soft text-sm">{hint}</Base.Description>}
            </div>
            <Base.Close render={<IconButton label={t("close")} className="-mt-1.5 -mr-2" />}>
              <X aria-hidden className="size-5" />
            </Base.Close>
          </div>
          <div className="min-h-0 overflow-y-auto px-5 py-4">{children}</div>
          {actions && (
            <div className="flex flex-wrap justify-end gap-2 border-line border-t px-5 py-4 pb-[max(1rem,env(safe-area-inset-bottom))]">
              {actions}
            </div>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** Asks once more before something that cannot be taken back. */
export function ConfirmDialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  children?: ReactNode;
  /** What the button does, as a verb. */
  confirm: ReactNode;
  onConfirm: () => void;
  busy?: boolean;
  danger?: boolean;
}) {
  const { confirm, onConfirm, busy = false, danger = true, children, ...dialog } = props;
  const t = useText(words);
  const actions = (
    <>
      <Button onClick={() => dialog.onOpenChange(false)}>{t("cancel")}</Button>
      <Button variant={danger ? "danger" : "primary"} busy={busy} onClick={onConfirm}>
        {confirm}
      </Button>
    </>
  );
  return (
    <Dialog {...dialog} actions={actions}>
      <div className="text-ink-soft">{children}</div>
    </Dialog>
  );
}
