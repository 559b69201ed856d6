import { type Format, useFormat } from "../../app/format";
import { type Locale, useLocale } from "../../app/locale";
import { type Text, useText } from "../../app/text";
import type { TabState } from "../../node/tab";
import type { Device } from "./device";
import { stateWords } from "./state_words";

/** What it takes to say something. */
export interface Voice {
  readonly t: Text<keyof typeof stateWords.en>;
  readonly format: Format;
  readonly locale: Locale;
}

export function useVoice(): Voice {
  return { t: useText(stateWords), format: useFormat(), locale: useLocale() };
}

/** The state in a word; a pause that lets tasks end first is a state of its own to the owner. */
export function wordOf({ state, view }: Pick<Device, "state" | "view">): TabState | "pausing" {
  return state === "working" && view.reason !== undefined ? "pausing" : state;
}

/** What the state means: why, and what the owner can do. Of a failed node its problem says it. */
export function sentence({ state, view, works }: Device, { t, format, locale }: Voice): string {
  if (state === "failed") return "";
  if (view.reason !== undefined && !["connecting", "stopping"].includes(state)) {
    const [from, to] = view.rules.hours;
    const hours = { from: hourText(from, locale), to: hourText(to, locale) };
    const why = t(`why_${view.reason}`, { ...hours, charge: format.percent(view.rules.leastCharge) });
    return state === "working" ? `${why} ${t("pausing_say", { tasks: tasksOf(works) })}` : why;
  }
  const { progress } = view;
  if (state === "starting" && progress !== undefined && progress.total > 0) {
    return t("starting_files", { done: format.bytes(progress.done), total: format.bytes(progress.total) });
  }
  if (state === "elsewhere") return t("why_elsewhere");
  return t(`${state}_say`, { tasks: tasksOf(works), cores: view.cores });
}

function tasksOf(works: Device["works"]): number {
  return works.reduce((sum, work) => sum + work.tasks, 0);
}

/** What screen readers are told when it becomes true: the coming and going of single tasks is no news. */
export function announcement(before: Device | undefined, now: Device, voice: Voice): string | undefined {
  const calm = ["working", "waiting"];
  if (before?.state === now.state && before.view.reason === now.view.reason) return undefined;
  if (before !== undefined && calm.includes(before.state) && calm.includes(now.state)) return undefined;
  const why = now.view.reason === undefined ? "" : `. ${sentence(now, voice)}`;
  return voice.t(wordOf(now)) + why;
}

/** An hour of the day as clocks show it. */
export function hourText(hour: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }).format(new Date(2000, 0, 1, hour));
}
