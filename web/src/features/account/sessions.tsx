import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { accountEndSession, accountListSessions, gotrueLogout, type LoginSession } from "../../api";
import { type Text, useText } from "../../app/text";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import { ConfirmDialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { toast } from "../../components/toast";
import { Ago } from "../../components/values";
import { SESSIONS } from "./keys";
import { text } from "./messages";
import { RowSkeletons } from "./row_skeletons";
import { Row, Rows, Section } from "./section";
import { clientOf } from "./user_agent";

/** Scripts that log in with a password leave many behind. */
const FEW = 6;

export function Sessions() {
  const t = useText(text);
  const queries = useQueryClient();
  const sessions = useQuery({ queryKey: SESSIONS, queryFn: ({ signal }) => accountListSessions({ signal }) });
  const end = useMutation({
    mutationFn: (id: string) => accountEndSession({ path: { session_id: id } }),
    onSuccess: () => toast(t("ended")),
    onSettled: () => queries.invalidateQueries({ queryKey: SESSIONS }),
  });
  const [all, setAll] = useState(false);
  const items = sessions.data?.items.toSorted((a, b) => Number(b.current) - Number(a.current));
  return (
    <Section id="sessions" title={t("sessions")} hint={t("sessionsHint")}>
      {sessions.isError ? (
        <ErrorNotice error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : (
        <div className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
          {!items && <RowSkeletons rows={2} />}
          {items && (
            <Rows label={t("sessions")}>
              {(all ? items : items.slice(0, FEW)).map((one) => (
                <SessionRow
                  key={one.id}
                  one={one}
                  busy={end.isPending && end.variables === one.id}
                  onEnd={() => end.mutate(one.id)}
                />
              ))}
            </Rows>
          )}
          <div className="flex flex-wrap gap-2 border-line border-t px-4 py-3 sm:px-5">
            {items && items.length < 2 ? <p className="text-ink-faint leading-8">{t("onlyThis")}</p> : <EndOthers />}
            {items && items.length > FEW && !all && (
              <Button size="sm" variant="quiet" onClick={() => setAll(true)}>
                {t("showAll", { count: items.length })}
              </Button>
            )}
          </div>
        </div>
      )}
      {end.isError && (
        <div className="mt-4">
          <ErrorNotice error={end.error} />
        </div>
      )}
    </Section>
  );
}

function nameOf(userAgent: string, t: Text<keyof typeof text.en>): string {
  const { program, system } = clientOf(userAgent);
  return program && system ? t("onSystem", { program, system }) : program || system || t("unknownClient");
}

function SessionRow({ one, busy, onEnd }: { one: LoginSession; busy: boolean; onEnd: () => void }) {
  const t = useText(text);
  const name = nameOf(one.user_agent, t);
  return (
    <Row
      name={name}
      marks={one.current && <Badge tone="good">{t("thisSession")}</Badge>}
      about={
        <>
          {t.rich("started", { when: <Ago key="start" at={one.created_at} /> })}
          {" · "}
          {t.rich("seen", { when: <Ago key="seen" at={one.last_used_at} /> })}
        </>
      }
      action={
        !one.current && (
          <Button size="sm" variant="quiet" aria-label={t("endNamed", { name })} busy={busy} onClick={onEnd}>
            {t("endSession")}
          </Button>
        )
      }
    />
  );
}

function EndOthers() {
  const t = useText(text);
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const end = useMutation({
    mutationFn: () => gotrueLogout({ query: { scope: "others" } }),
    onSuccess: () => {
      setAsking(false);
      toast(t("othersEnded"));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: SESSIONS }),
  });
  return (
    <>
      <Button size="sm" onClick={() => setAsking(true)}>
        {t("endOthers")}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("endOthersTitle")}
        confirm={t("endOthers")}
        busy={end.isPending}
        onConfirm={() => end.mutate()}
      >
        {t("endOthersHint")}
        {end.isError && (
          <div className="mt-4">
            <ErrorNotice error={end.error} />
          </div>
        )}
      </ConfirmDialog>
    </>
  );
}
