import { describe, expect, it } from "vitest";
import { formatIn } from "../../app/format";
import { LOCALES } from "../../app/locale";
import { textIn } from "../../app/text";
import type { LogLine, Reason, TabState } from "../../node/tab";
import { readable } from "./log";
import { told } from "./log_card";
import { logWords } from "./log_words";
import { text } from "./messages";
import { problemWords } from "./problem_words";
import { whyNoWork } from "./running_card";
import { stateWords } from "./state_words";

const STATES: Record<TabState, true> = {
  idle: true,
  starting: true,
  connecting: true,
  working: true,
  waiting: true,
  paused: true,
  elsewhere: true,
  stopping: true,
  failed: true,
};
const REASONS: Record<Reason, true> = {
  draining: true,
  expelled: true,
  owner_paused: true,
  elsewhere: true,
  failing: true,
  out_of_hours: true,
  low_battery: true,
  on_battery: true,
  user_present: true,
};
const line = (code: LogLine["code"], values: LogLine["values"] = {}, at = 0): LogLine => ({
  at,
  kind: "info",
  code,
  values,
});

describe.each(LOCALES)("in %s", (locale) => {
  const format = formatIn(locale);

  it("every state has a word, and every reason says what it means", () => {
    const t = textIn(stateWords, locale);
    for (const state of Object.keys(STATES)) expect(t.has(state)).toBe(true);
    for (const reason of Object.keys(REASONS)) expect(t.has(`why_${reason}`)).toBe(true);
  });

  it("every pause in the log names its reason", () => {
    const t = textIn(logWords, locale);
    const problems = textIn(problemWords, locale);
    const said = Object.keys(REASONS).map((reason) => told(line("paused", { reason }), t, problems, format.money));
    expect(new Set(said).size).toBe(said.length);
  });

  it("numbers and words of the node become a sentence", () => {
    const t = textIn(logWords, locale);
    const problems = textIn(problemWords, locale);
    expect(told(line("earned", { tasks: 3, micros: 4_200 }), t, problems, format.money)).toContain(format.money(4_200));
    expect(told(line("returned", { code: "x", message: "it has {braces} <b>" }), t, problems, format.money)).toContain(
      "{braces} <b>",
    );
  });
});

describe("a problem in the log", () => {
  const say = (code: string, message: string) =>
    told(line("problem", { code, message }), textIn(logWords, "de"), textIn(problemWords, "de"), String);
  it("is told in the page's words where it has some, else in the coordinator's", () => {
    expect(say("node_retired", "the owner retired this node")).toContain("stillgelegt");
    expect(say("moon", "the moon is full")).toBe("The moon is full");
  });
});

describe("why there is no work", () => {
  const t = textIn(text, "en");
  it("is the coordinator's reason, in words", () => {
    expect(whyNoWork({ code: "no_job", jobs: {} }, t)).toBe(text.en.why_no_job);
    expect(whyNoWork({ code: "jobs", jobs: { seen: 2 } }, t)).toBe(text.en.why_seen);
    expect(whyNoWork({ code: "jobs", jobs: { memory: 1, own_job: 4 } }, t)).toContain(
      `${text.en.not_own_job}; ${text.en.not_memory}`,
    );
  });
  it("is left open when the coordinator is newer than this page, or has not answered", () => {
    expect(whyNoWork({ code: "jobs", jobs: { moon: 1 } }, t)).toBe(text.en.why_other);
    expect(whyNoWork({ code: "tide", jobs: {} }, t)).toBe(text.en.why_other);
    expect(whyNoWork(undefined, t)).toBe(text.en.why_other);
  });
});

describe("the log", () => {
  it("is told newest first, with a run of earnings in one line a minute", () => {
    const earned = (at: number, tasks: number) => line("earned", { tasks, micros: tasks * 10 }, at);
    const log = [
      line("connected"),
      earned(1_000, 1),
      earned(2_000, 2),
      line("paused", {}, 3_000),
      earned(4_000, 4),
      earned(70_000, 8),
    ];
    expect(readable(log).map(({ code, values }) => [code, values.tasks])).toEqual([
      ["earned", 8],
      ["earned", 4],
      ["paused", undefined],
      ["earned", 3],
      ["connected", undefined],
    ]);
  });
});
