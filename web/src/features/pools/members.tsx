import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { useMemo, useState } from "react";
import { type Pool, type PoolMember, poolsMembers, poolsRemove, poolsSetRole } from "../../api";
import { useSession } from "../../app/session";
import { useText } from "../../app/text";
import { Badge } from "../../components/badge";
import { IconButton } from "../../components/button";
import { Card } from "../../components/card";
import { columnsOf, DataTable } from "../../components/data_table";
import { ConfirmDialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Menu } from "../../components/menu";
import { toast } from "../../components/toast";
import { Ago } from "../../components/values";
import { EVERY_MS, MEMBERS, POOLS } from "./keys";
import { MemberPager } from "./member_pager";
import { text } from "./messages";
import { type Deed, deedsOn } from "./rights";

const PAGE = 20;
const column = columnsOf<PoolMember>();

interface Asked {
  readonly member: PoolMember;
  readonly deed: Deed;
}

/** Who is in the pool, as the others see them, and what one can do about each. */
export function Members({ pool }: { pool: Pool }) {
  const t = useText(text);
  const { after } = useSearch({ from: "/shell/pools" });
  const navigate = useNavigate({ from: "/pools" });
  const [asked, setAsked] = useState<Asked>();
  const members = useQuery({
    queryKey: [...MEMBERS, pool.id, after],
    queryFn: ({ signal }) =>
      poolsMembers({ path: { pool_id: pool.id }, query: { limit: PAGE, cursor: after ?? null }, signal }),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
  const columns = useColumns(pool, setAsked);
  const go = (cursor: string | undefined) =>
    void navigate({ search: { ...(cursor && { after: cursor }) }, resetScroll: false });
  return (
    <Card title={t("members")} hint={t("membersHint")} flush>
      {members.isError ? (
        <div className="px-4 pb-4 sm:px-5">
          <ErrorNotice error={members.error} onRetry={() => void members.refetch()} />
        </div>
      ) : (
        <DataTable
          label={t("members")}
          columns={columns}
          rows={members.data?.items}
          rowId={(member) => member.user_id}
          empty={<p className="px-4 pb-4 text-ink-soft sm:px-5">{t("noMembers")}</p>}
          skeletonRows={Math.min(PAGE, pool.members)}
        />
      )}
      <MemberPager moved={after !== undefined} next={members.data?.next_cursor} onGo={go} />
      {asked && (
        <Asking
          key={`${asked.member.user_id} ${asked.deed}`}
          {...asked}
          pool={pool}
          onClose={() => setAsked(undefined)}
        />
      )}
    </Card>
  );
}

function useColumns(pool: Pool, onAsk: (asked: Asked) => void) {
  const t = useText(text);
  const me = useSession()?.user.id;
  const role = pool.my_role;
  return useMemo(
    () =>
      column.columns([
        column.display({
          id: "name",
          header: t("member"),
          cell: ({ row: { original } }) => (
            <>
              {original.name || t("nameless")}
              {original.user_id === me && <span className="text-ink-faint"> · {t("you")}</span>}
            </>
          ),
          meta: { wide: true },
        }),
        column.display({
          id: "role",
          header: t("role"),
          cell: ({ row: { original } }) => (
            <Badge tone={original.role === "member" ? "neutral" : "good"}>{t(`role_${original.role}`)}</Badge>
          ),
        }),
        column.display({
          id: "since",
          header: t("since"),
          cell: ({ row: { original } }) => <Ago at={original.joined_at} />,
          meta: { desktop: true },
        }),
        column.display({
          id: "more",
          header: () => <span className="sr-only">{t("more")}</span>,
          cell: ({ row: { original } }) =>
            original.user_id === me ? null : <MemberMenu member={original} role={role} onAsk={onAsk} />,
          meta: { align: "end" },
        }),
      ]),
    [t, me, role, onAsk],
  );
}

function MemberMenu(props: { member: PoolMember; role: Pool["my_role"]; onAsk: (asked: Asked) => void }) {
  const t = useText(text);
  const { member, role, onAsk } = props;
  const deeds = deedsOn(member, role);
  if (deeds.length === 0) return null;
  const trigger = (
    <IconButton label={t("moreOf", { name: member.name || t("nameless") })}>
      <Ellipsis aria-hidden className="size-4" />
    </IconButton>
  );
  const items = deeds.map((deed) => ({
    label: t(`deed_${deed}`),
    danger: deed === "remove",
    onSelect: () => onAsk({ member, deed }),
  }));
  return <Menu trigger={trigger} items={items} />;
}

function Asking({ pool, member, deed, onClose }: Asked & { pool: Pool; onClose: () => void }) {
  const t = useText(text);
  const queries = useQueryClient();
  const name = member.name || t("nameless");
  const path = { pool_id: pool.id, user_id: member.user_id };
  const act = useMutation({
    mutationFn: async () => {
      if (deed === "remove") await poolsRemove({ path });
      else await poolsSetRole({ path, body: { role: deed } });
    },
    onSuccess: () => {
      toast(t(`deedDone_${deed}`, { name }));
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: POOLS }),
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && !act.isPending && onClose()}
      title={t(`deedTitle_${deed}`, { name })}
      confirm={t(`deed_${deed}`)}
      danger={deed === "remove" || deed === "owner"}
      busy={act.isPending}
      onConfirm={() => act.mutate()}
    >
      {t(`deedText_${deed}`)}
      {act.isError && (
        <div className="mt-4">
          <ErrorNotice error={act.error} />
        </div>
      )}
    </ConfirmDialog>
  );
}
