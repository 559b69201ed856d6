import { useFormat } from "../../app/format";
import { microsOf } from "../new_job/amounts";
import { type BankTransfer, grouped } from "./bank_file";

/** One transfer of a file, as the bank's statement has it. */
export function TransferLine({ transfer }: { transfer: BankTransfer }) {
  const format = useFormat();
  const { name, iban, amount, currency } = transfer;
  return (
    <div className="min-w-0">
      <p className="break-words">
        {name} · <span className="tabular-nums">{format.money(microsOf(amount) ?? 0, currency)}</span>
      </p>
      <p className="break-words font-mono text-ink-faint text-xs">{grouped(iban)}</p>
    </div>
  );
}
