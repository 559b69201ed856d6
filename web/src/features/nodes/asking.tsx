import { type FormEvent, useState } from "react";
import type { Node } from "../../api";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { ConfirmDialog, Dialog } from "../../components/dialog";
import { Field, Input } from "../../components/field";
import { useChange } from "./change";
import { text } from "./messages";
import type { Asking } from "./node_menu";

const LONGEST = 100;

/** The dialog for what was chosen in a node's menu. */
export function AskingDialog(props: { asking: Asking; onDone: () => void; onRetired: () => void }) {
  const { asking, onDone, onRetired } = props;
  if (asking.what === "rename") return <Rename node={asking.node} onDone={onDone} />;
  return <Retire node={asking.node} onDone={onDone} onRetired={onRetired} />;
}

function Rename({ node, onDone }: { node: Node; onDone: () => void }) {
  const t = useText(text);
  const { mutate } = useChange(node);
  const [name, setName] = useState(node.name);
  const [wrong, setWrong] = useState(false);
  const save = (event: FormEvent) => {
    event.preventDefault();
    const chosen = name.trim();
    if (chosen === "") return setWrong(true);
    if (chosen !== node.name) mutate({ to: { name: chosen } });
    onDone();
  };
  const actions = (
    <>
      <Button onClick={onDone}>{t("cancel")}</Button>
      <Button type="submit" form="rename-node" variant="primary">
        {t("save")}
      </Button>
    </>
  );
  return (
    <Dialog open onOpenChange={(open) => open || onDone()} title={t("renameTitle")} actions={actions}>
      <form id="rename-node" onSubmit={save}>
        <Field label={t("name")} hint={t("nameHint")} error={wrong && !name.trim() ? t("nameEmpty") : undefined}>
          <Input
            value={name}
            maxLength={LONGEST}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}

function Retire({ node, onDone, onRetired }: { node: Node; onDone: () => void; onRetired: () => void }) {
  const t = useText(text);
  const { mutate } = useChange(node);
  const retire = () => {
    mutate({ to: { status: "retired" }, done: t("retiredToast", { name: node.name }) });
    onDone();
    onRetired();
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => open || onDone()}
      title={t("retireTitle", { name: node.name })}
      confirm={t("retire")}
      onConfirm={retire}
    >
      <p>{t("retireText")}</p>
      {node.online && <p className="mt-3 font-medium text-ink">{t("retireRunning")}</p>}
    </ConfirmDialog>
  );
}
