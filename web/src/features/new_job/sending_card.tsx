import { useState } from "react";
import { describe } from "../../app/errors";
import { useFormat } from "../../app/format";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { ErrorNotice } from "../../components/error_notice";
import { Progress } from "../../components/progress";
import { toast } from "../../components/toast";
import { text } from "./messages";
import { Notice } from "./notice";
import type { Sending, SubmissionInUse } from "./use_submission";

/** A job on its way: how far it is, and what to do when it stops. */
export function SendingCard(props: { sending: Exclude<Sending, { state: "none" }>; submission: SubmissionInUse }) {
  const t = useText(text);
  const format = useFormat();
  const [withdrawing, setWithdrawing] = useState(false);
  const { sending, submission } = props;
  const locale = useLocale();
  const { phase, done, total, waiting } = sending.step;
  const stop = async () => {
    setWithdrawing(true);
    await submission.withdraw().catch((error) => toast(describe(error, locale).message, { tone: "bad" }));
    setWithdrawing(false);
  };
  return (
    <Card title={t("sending")}>
      <div className="flex flex-col gap-4" role="status">
        <div>
          <p className="mb-2 flex flex-wrap justify-between gap-x-4 text-sm">
            <span>{t(`sending_${phase}`)}</span>
            {phase === "tasks" && (
              <span className="text-ink-faint tabular-nums">
                {t("sentOf", { done: format.number(done), total: format.number(total) })}
              </span>
            )}
          </p>
          <Progress value={phase === "tasks" ? done : undefined} max={total} label={t("sending")} />
        </div>
        {waiting && sending.state === "sending" && <Notice tone="warn">{t("sendingWaits")}</Notice>}
        {sending.state === "stopped" && <ErrorNotice error={sending.error} />}
        <div className="flex flex-wrap gap-2">
          {sending.state === "stopped" && (
            <Button variant="primary" onClick={submission.goOn}>
              {t("goOn")}
            </Button>
          )}
          <Button busy={withdrawing} onClick={() => void stop()}>
            {sending.state === "stopped" ? t("edit") : t("stop")}
          </Button>
        </div>
      </div>
    </Card>
  );
}
