import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { authListTokens, authRevokeToken, type TokenView } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { ConfirmDialog } from "../../components/dialog";
import { EmptyState } from "../../components/empty_state";
import { ErrorNotice } from "../../components/error_notice";
import { toast } from "../../components/toast";
import { Ago } from "../../components/values";
import { TOKENS } from "./keys";
import { text } from "./messages";
import { NewToken } from "./new_token";
import { RowSkeletons } from "./row_skeletons";
import { Row, Rows, Section } from "./section";

export function Tokens() {
  const t = useText(text);
  const [making, setMaking] = useState(false);
  const tokens = useQuery({ queryKey: TOKENS, queryFn: ({ signal }) => authListTokens({ signal }) });
  const make = (
    <Button size="sm" variant="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setMaking(true)}>
      {t("newToken")}
    </Button>
  );
  const items = tokens.data?.items;
  return (
    <Section id="tokens" title={t("tokens")} hint={t("tokensHint")}>
      {tokens.isError ? (
        <ErrorNotice error={tokens.error} onRetry={() => void tokens.refetch()} />
      ) : items?.length === 0 ? (
        <Card>
          <EmptyState icon={<KeyRound className="size-5" />} title={t("noTokens")} action={make}>
            {t("noTokensHint")}
          </EmptyState>
        </Card>
      ) : (
        <div className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
          {items ? <TokenRows tokens={items} /> : <RowSkeletons rows={2} />}
          <div className="border-line border-t px-4 py-3 sm:px-5">{make}</div>
        </div>
      )}
      <NewToken open={making} onOpenChange={setMaking} />
    </Section>
  );
}

function TokenRows({ tokens }: { tokens: readonly TokenView[] }) {
  const t = useText(text);
  const [chosen, setChosen] = useState<TokenView>();
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: (token: TokenView) => authRevokeToken({ path: { token_id: token.id } }),
    onSuccess: (_, { name }) => {
      setAsking(false);
      toast(t("revoked", { name }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: TOKENS }),
  });
  const ask = (token: TokenView) => {
    revoke.reset();
    setChosen(token);
    setAsking(true);
  };
  return (
    <>
      <Rows label={t("tokens")}>
        {tokens.map((token) => (
          <TokenRow key={token.id} token={token} onRevoke={() => ask(token)} />
        ))}
      </Rows>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("revokeTitle", { name: chosen?.name })}
        confirm={t("revoke")}
        busy={revoke.isPending}
        onConfirm={() => chosen && revoke.mutate(chosen)}
      >
        {t("revokeHint")}
        {revoke.isError && (
          <div className="mt-4">
            <ErrorNotice error={revoke.error} />
          </div>
        )}
      </ConfirmDialog>
    </>
  );
}

function TokenRow({ token, onRevoke }: { token: TokenView; onRevoke: () => void }) {
  const t = useText(text);
  const format = useFormat();
  const used = token.last_used_at
    ? t.rich("lastUsed", { when: <Ago key="used" at={token.last_used_at} /> })
    : t("neverUsed");
  return (
    <Row
      name={token.name}
      marks={token.scopes.map((scope) => <Badge key={scope}>{t(`scope_${scope}`)}</Badge>)}
      about={
        <>
          {t.rich("created", { when: <Ago key="made" at={token.created_at} /> })}
          {" · "}
          {used}
          {token.expires_at && ` · ${t("expires", { when: format.dateTime(token.expires_at) })}`}
        </>
      }
      action={
        <Button size="sm" variant="quiet" aria-label={t("revokeNamed", { name: token.name })} onClick={onRevoke}>
          {t("revoke")}
        </Button>
      }
    />
  );
}
