import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound, LogOut, Pencil } from "lucide-react";
import { useState } from "react";
import { type Pool, poolsClose, poolsLeave, poolsRenewKey } from "../../api";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { ConfirmDialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { toast } from "../../components/toast";
import { MINE, POOLS } from "./keys";
import { text } from "./messages";
import { may } from "./rights";
import { TermsDialog } from "./terms_dialog";

type Asked = "newKey" | "leave" | "close";

/** What one of this role can do with the pool as a whole. */
export function Deeds({ pool, onKey }: { pool: Pool; onKey: (key: string) => void }) {
  const t = useText(text);
  const [asked, setAsked] = useState<Asked>();
  const [editing, setEditing] = useState(false);
  const role = pool.my_role;
  return (
    <div className="flex flex-wrap gap-2">
      {may(role, "newKey") && (
        <Button size="sm" icon={<KeyRound aria-hidden className="size-3.5" />} onClick={() => setAsked("newKey")}>
          {t("newKey")}
        </Button>
      )}
      {may(role, "setTerms") && (
        <Button size="sm" icon={<Pencil aria-hidden className="size-3.5" />} onClick={() => setEditing(true)}>
          {t("setTerms")}
        </Button>
      )}
      {(["leave", "close"] as const).map(
        (way) =>
          may(role, way) && (
            <Button
              key={way}
              size="sm"
              variant="danger"
              icon={<LogOut aria-hidden className="size-3.5" />}
              onClick={() => setAsked(way)}
            >
              {t(way)}
            </Button>
          ),
      )}
      {asked && <Asking key={asked} what={asked} pool={pool} onKey={onKey} onClose={() => setAsked(undefined)} />}
      {editing && <TermsDialog pool={pool} onClose={() => setEditing(false)} />}
    </div>
  );
}

function Asking(props: { what: Asked; pool: Pool; onKey: (key: string) => void; onClose: () => void }) {
  const t = useText(text);
  const queries = useQueryClient();
  const { what, pool, onKey, onClose } = props;
  const path = { pool_id: pool.id };
  const deed = useMutation({
    mutationFn: async () => {
      if (what === "newKey") return (await poolsRenewKey({ path })).key;
      await (what === "leave" ? poolsLeave : poolsClose)({ path });
      return undefined;
    },
    onSuccess: async (key) => {
      onClose();
      if (key) onKey(key);
      else {
        toast(t(what === "leave" ? "left" : "closed", { name: pool.name }));
        queries.setQueryData(MINE, { pool: null });
      }
      await queries.invalidateQueries({ queryKey: POOLS });
    },
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && !deed.isPending && onClose()}
      title={t(`${what}Title`, { name: pool.name })}
      confirm={t(what)}
      danger={what !== "newKey"}
      busy={deed.isPending}
      onConfirm={() => deed.mutate()}
    >
      {t(`${what}Text`)}
      {deed.isError && (
        <div className="mt-4">
          <ErrorNotice error={deed.error} />
        </div>
      )}
    </ConfirmDialog>
  );
}
