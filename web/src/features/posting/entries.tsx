import type { Trace } from "../../api";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { Money } from "../../components/values";
import { ledgerText } from "./ledger_messages";
import { text } from "./messages";
import { type Line, linesOf, sumsOf } from "./sums";

/** Every entry, one's own and others', and that they sum to zero. */
export function Entries({ trace }: { trace: Trace }) {
  const t = useText(text);
  const l = useText(ledgerText);
  const lines = linesOf(trace);
  const kind = `kind_${trace.kind}`;
  const title = l.has(kind) ? l(kind) : trace.kind;
  return (
    <Card title={title} hint={t("entriesHint")} flush>
      <table aria-label={t("entries")} className="w-full border-collapse text-sm">
        <thead>
          <tr className="border-line border-b text-left text-ink-faint text-xs">
            <th scope="col" className="px-4 py-2 font-medium sm:px-5">
              {t("entries")}
            </th>
            <th scope="col" className="px-4 py-2 text-right font-medium sm:px-5">
              {t("amount")}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Row key={`${line.own} ${line.account} ${line.currency} ${line.micros}`} line={line} />
          ))}
        </tbody>
        <tfoot>
          {sumsOf(lines).map(({ currency, micros }) => (
            <tr key={currency}>
              <th scope="row" className="px-4 py-3 text-left font-medium sm:px-5">
                {t("sum")}
              </th>
              <td className="px-4 py-3 text-right sm:px-5">
                <Money exact micros={micros} currency={currency} />
              </td>
            </tr>
          ))}
        </tfoot>
      </table>
    </Card>
  );
}

function Row({ line }: { line: Line }) {
  const t = useText(text);
  const l = useText(ledgerText);
  const key = `${line.own ? "account" : "other"}_${line.account}`;
  const name = l.has(key) ? l(key) : line.account;
  return (
    <tr className="border-line border-b">
      <td className="px-4 py-3 sm:px-5">
        <span className={line.own ? "font-medium" : "text-ink-soft"}>
          {line.accounts > 1 ? t("accountsOf", { name, count: line.accounts }) : name}
        </span>
      </td>
      <td className="whitespace-nowrap px-4 py-3 text-right sm:px-5">
        <Money exact signed={line.own} micros={line.micros} currency={line.currency} />
      </td>
    </tr>
  );
}
