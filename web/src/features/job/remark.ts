import type { Text } from "../../app/text";
import type { text } from "./messages";

type Words = Text<keyof (typeof text)["en"]>;

/** What became of a task without a value: the words for a limit that was hit, else what the task itself said. */
export function errorWords(t: Words, type: string, message: string): string {
  const key = `code.${type}`;
  if (t.has(key)) return t(key);
  return message ? `${type}: ${message}` : type;
}

/** The same for the one line of a table's row. */
export function errorLine(t: Words, line: string): string {
  const [type = ""] = line.split(": ", 1);
  return errorWords(t, type, line.slice(type.length + 2));
}
