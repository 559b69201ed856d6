import { Link } from "@tanstack/react-router";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { cx } from "../../components/cx";
import { useCurrency } from "./currency";
import { useDevice } from "./node";
import { wordOf } from "./sentence";
import { stateWords } from "./state_words";
import { DOTS } from "./tones";

const SILENT = ["idle", "elsewhere"];
const EARNING = ["working", "waiting", "stopping"];

/** In the bar of every page, while this tab's node is on: what it does, and what it has earned. */
export default function Sign() {
  const t = useText(stateWords);
  const format = useFormat();
  const { device } = useDevice();
  const currency = useCurrency();
  if (device === undefined || SILENT.includes(device.state)) return null;
  const word = wordOf(device);
  const amount = format.money(device.view.earnedMicros, currency);
  return (
    <Link
      to="/contribute"
      aria-label={t("sign", { state: t(word), amount })}
      className="flex h-8 min-w-0 max-w-36 items-center gap-2 rounded-full border border-line bg-surface px-3 font-medium text-xs tabular-nums hover:border-line-strong"
    >
      <span
        aria-hidden
        className={cx("size-2 shrink-0 rounded-full", DOTS[word], word === "working" && "animate-pulse")}
      />
      <span className="truncate">{EARNING.includes(word) ? amount : t(word === "failed" ? "problem" : word)}</span>
    </Link>
  );
}
