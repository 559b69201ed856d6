import type { LogLine } from "../../node/tab";

const MERGED_MS = 60_000;

/** Newest first; what was earned in one go is one line. */
export function readable(log: readonly LogLine[]): readonly LogLine[] {
  const lines: LogLine[] = [];
  for (const line of log) {
    const last = lines.at(-1);
    if (last !== undefined && belongs(last, line)) lines[lines.length - 1] = together(last, line);
    else lines.push(line);
  }
  return lines.reverse();
}

function belongs(last: LogLine, line: LogLine): boolean {
  const counted = line.code === "earned" || line.code === "rejected";
  return counted && last.code === line.code && line.at - last.at < MERGED_MS;
}

/** The time is that of the first, so that a long run of work is a line a minute. */
function together(last: LogLine, line: LogLine): LogLine {
  const sum = (name: string) => Number(last.values[name] ?? 0) + Number(line.values[name] ?? 0);
  return { ...last, values: { tasks: sum("tasks"), micros: sum("micros") } };
}
