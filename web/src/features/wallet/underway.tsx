import { Link } from "@tanstack/react-router";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { text } from "./messages";

/** What left the earnings and has not arrived. */
export function Underway({ micros, currency }: { micros: number; currency: string }) {
  const t = useText(text);
  const format = useFormat();
  return (
    <p className="rounded-lg bg-sunken px-4 py-3 text-ink-soft sm:px-5">
      {t.rich("underway", {
        amount: <strong className="font-semibold text-ink tabular-nums">{format.money(micros, currency)}</strong>,
        link: (parts) => (
          <Link to="/wallet/payouts" search={{}} className="rounded-sm underline underline-offset-2 hover:text-accent">
            {parts}
          </Link>
        ),
      })}
    </p>
  );
}
