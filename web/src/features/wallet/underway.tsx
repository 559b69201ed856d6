import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { paymentsPage } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { underway } from "../payouts/state";
import { text } from "./messages";

const PAGE = 50;
const EVERY_MS = 10_000;

/** What left the earnings and has not arrived; nothing while there is none. */
export function Underway({ currency }: { currency: string }) {
  const t = useText(text);
  const format = useFormat();
  const { data } = useQuery({
    queryKey: ["wallet", "payouts", "newest"],
    queryFn: ({ signal }) => paymentsPage({ query: { limit: PAGE }, signal }),
    refetchInterval: EVERY_MS,
  });
  const micros = underway(data?.items ?? [], currency);
  if (micros === 0) return null;
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
