import type { NodeRequirements } from "../../api";
import type { Format } from "../../app/format";
import type { Locale } from "../../app/locale";
import type { Text } from "../../app/text";
import type { text } from "./messages";

export type Conditions = Partial<NodeRequirements>;

interface Words {
  readonly t: Text<keyof (typeof text)["en"]>;
  readonly format: Format;
  readonly locale: Locale;
}

/** What a node must be or have, one line for each; countries by their names. */
export function conditionWords(wanted: Conditions, { t, format, locale }: Words): readonly string[] {
  const names = new Intl.DisplayNames(locale, { type: "region" });
  const and = new Intl.ListFormat(locale);
  const list = (codes: readonly string[]) => ({ list: and.format(codes.map((code) => names.of(code) ?? code)) });
  const lines: string[] = [];
  if (wanted.memory_bytes) lines.push(t("reqMemory", { bytes: format.bytes(wanted.memory_bytes) }));
  if (wanted.cores) lines.push(t("reqCores", { cores: wanted.cores }));
  if (wanted.gpu) lines.push(t("reqGpu"));
  if (wanted.countries?.length) lines.push(t("reqCountries", list(wanted.countries)));
  if (wanted.not_countries?.length) lines.push(t("reqNotCountries", list(wanted.not_countries)));
  if (wanted.near) lines.push(t("reqNear", list([wanted.near])));
  if (wanted.mine) lines.push(t("reqMine"));
  return lines;
}
