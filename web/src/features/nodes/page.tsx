import { useNavigate, useSearch } from "@tanstack/react-router";
import { MonitorSmartphone, Plus } from "lucide-react";
import { useState } from "react";
import type { Node } from "../../api";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { Dialog } from "../../components/dialog";
import { EmptyState } from "../../components/empty_state";
import { ErrorNotice } from "../../components/error_notice";
import { PageHeader } from "../../components/page_header";
import { AskingDialog } from "./asking";
import { NodeCards } from "./cards";
import { useNodes } from "./data";
import { Details } from "./details";
import { text } from "./messages";
import type { Asking } from "./node_menu";
import { ordered } from "./state";
import { NodesTable } from "./table";
import { TotalsCard } from "./totals";
import { Ways } from "./ways";

export function Page() {
  const t = useText(text);
  const nodes = useNodes();
  const [adding, setAdding] = useState(false);
  const add = (
    <Button variant="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setAdding(true)}>
      {t("add")}
    </Button>
  );
  const none = nodes.data?.length === 0;
  return (
    <>
      <PageHeader title={t("title")} actions={!none && add}>
        {t("lead")}
      </PageHeader>
      {nodes.isError && (
        <div className="mb-4">
          <ErrorNotice error={nodes.error} onRetry={() => void nodes.refetch()} />
        </div>
      )}
      {none ? <NoNodes /> : (nodes.data || nodes.isPending) && <Mine nodes={nodes.data} />}
      <Dialog open={adding} onOpenChange={setAdding} title={t("add")} hint={t("addHint")} wide>
        <Ways />
      </Dialog>
    </>
  );
}

function NoNodes() {
  const t = useText(text);
  return (
    <Card>
      <EmptyState icon={<MonitorSmartphone className="size-6" />} title={t("emptyTitle")}>
        {t("emptyText")}
      </EmptyState>
      <div className="mx-auto max-w-3xl pb-4">
        <Ways />
      </div>
    </Card>
  );
}

/** `nodes` undefined: on their way. */
function Mine({ nodes }: { nodes: readonly Node[] | undefined }) {
  const { node: open, retired = false } = useSearch({ from: "/shell/nodes" });
  const navigate = useNavigate({ from: "/nodes" });
  const [asking, setAsking] = useState<Asking>();
  const close = () => void navigate({ search: ({ node: _, ...rest }) => rest, resetScroll: false });
  return (
    <div className="flex flex-col gap-4">
      <TotalsCard nodes={nodes} />
      <List nodes={nodes} retired={retired} onAsk={setAsking} />
      {open && nodes && !asking && (
        <Details node={nodes.find((node) => node.id === open)} onAsk={setAsking} onClose={close} />
      )}
      {asking && <AskingDialog asking={asking} onDone={() => setAsking(undefined)} onRetired={close} />}
    </div>
  );
}

function List(props: { nodes: readonly Node[] | undefined; retired: boolean; onAsk: (asking: Asking) => void }) {
  const { nodes, retired, onAsk } = props;
  const t = useText(text);
  const shown = nodes && ordered(nodes.filter((node) => retired || node.status !== "retired"));
  return (
    <Card title={t("list")} flush actions={<RetiredSwitch nodes={nodes} retired={retired} />}>
      {shown?.length === 0 ? (
        <EmptyState icon={<MonitorSmartphone className="size-6" />} title={t("allRetired")} />
      ) : (
        <>
          <div className="hidden xl:block">
            <NodesTable nodes={shown} onAsk={onAsk} />
          </div>
          <div className="xl:hidden">
            <NodeCards nodes={shown} onAsk={onAsk} />
          </div>
        </>
      )}
    </Card>
  );
}

function RetiredSwitch({ nodes, retired }: { nodes: readonly Node[] | undefined; retired: boolean }) {
  const t = useText(text);
  const navigate = useNavigate({ from: "/nodes" });
  const count = nodes?.filter((node) => node.status === "retired").length ?? 0;
  if (count === 0) return null;
  const flip = () => {
    const next = retired ? {} : { retired: true };
    void navigate({ search: next, replace: true, resetScroll: false });
  };
  return (
    <Button size="sm" variant="quiet" className="-mx-2 -my-1" aria-pressed={retired} onClick={flip}>
      {retired ? t("hideRetired") : t("showRetired", { count })}
    </Button>
  );
}
