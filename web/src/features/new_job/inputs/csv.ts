// Comma separated values as spreadsheets write them (RFC 4180): quotes, line ends inside quotes, and the separators that
// countries with a decimal comma use.

export type Separator = "," | ";" | "\t";

/** Quotes that do not close, or text behind a closing one. */
export class BadCsv extends Error {
  constructor(
    readonly problem: "open_quote" | "after_quote",
    readonly line: number,
  ) {
    super(`${problem} at line ${line}`);
  }
}

export interface Row {
  readonly cells: readonly string[];
  /** Where it begins, from 1. */
  readonly line: number;
}

/** The one that the first line has most of; of equals rather the one that numbers do not contain. */
export function separatorOf(text: string): Separator {
  const first = text.slice(0, text.search(/[\r\n]|$/)).replace(/"[^"]*"/g, "");
  const count = (sign: Separator) => first.split(sign).length;
  return ([";", "\t", ","] as const).reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** Rows one by one; empty lines are none. Throws BadCsv. */
export function* rowsOf(text: string, separator: Separator): Generator<Row, void, void> {
  const cell = new RegExp(`"((?:[^"]|"")*)"|([^${separator}\\r\\n]*)`, "y");
  let [at, line] = [0, 1];
  while (at < text.length) {
    const row: { cells: string[]; line: number } = { cells: [], line };
    for (;;) {
      cell.lastIndex = at;
      const [whole, quoted, plain = ""] = cell.exec(text) as RegExpExecArray;
      if (quoted === undefined && plain.startsWith('"')) throw new BadCsv("open_quote", line);
      row.cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
      line += quoted === undefined ? 0 : quoted.split("\n").length - 1;
      at += whole.length;
      if (text[at] !== separator) break;
      at += 1;
    }
    if (text[at] === "\r") at += 1;
    if (at < text.length && text[at] !== "\n" && text[at - 1] !== "\r") throw new BadCsv("after_quote", line);
    if (text[at] === "\n") at += 1;
    line += 1;
    if (row.cells.length > 1 || row.cells[0] !== "") yield row;
  }
}
