import { describe, expect, it } from "vitest";
import { type Draft, emptyDraft } from "./draft";
import type { Outcome } from "./inputs/reader";
import { countriesOf, nameOf, orderOf, problemsOf } from "./order";

const SOURCE = "def f(x, y):\n    return x\n\ndef check(x, result):\n    return True\n\ndef g(x):\n    return x\n";
const PAIR = { count: 2, line: 1 };
const read = (width: { count: number; line: number }): Outcome => ({
  read: { count: 3, bytes: 9, first: [], names: undefined, fewest: width, most: width },
});
const NOTHING: Outcome = {
  read: { count: 0, bytes: 0, first: [], names: undefined, fewest: undefined, most: undefined },
};
const draftOf = (part: Partial<Draft>): Draft => ({ ...emptyDraft("n"), source: SOURCE, entry: "f", ...part });
const problems = (part: Partial<Draft>, inputs = read(PAIR), estimateMicros = 9_000) =>
  problemsOf(draftOf(part), { inputs, estimateMicros, isCountry: (code) => ["DE", "FR"].includes(code) }).map(
    ({ words }) => words,
  );
const order = (part: Partial<Draft>, verifier?: string) => orderOf(draftOf(part), { program: "p", verifier }, 13_500);

describe("a draft is complete, or it is said what is missing", () => {
  it.each<[string, Partial<Draft>, string[]]>([
    ["complete", {}, []],
    ["no source", { source: " " }, ["noSource"]],
    ["no function", { source: "x = 1" }, ["noFunction"]],
    ["an async function", { source: "async def f(x, y): ...", entry: "" }, ["entryAsync"]],
    ["another arity", { entry: "g" }, ["tooMany"]],
    ["no verifier", { policy: "checked" }, ["noVerifier"]],
    ["a verifier", { policy: "checked", verifierEntry: "check" }, []],
    ["no price", { price: "0" }, ["badPrice"]],
    ["no price needed", { price: "", policy: "trusted" }, []],
    ["a budget below the estimate", { budget: "0.008" }, ["smallBudget"]],
    ["no amount", { budget: "much" }, ["badBudget"]],
    ["a bonus and its time", { bonus: "0.0005", bonusWithinS: "2,5" }, []],
    ["no bonus", { bonus: "0" }, ["badBonus"]],
    ["a bonus for nothing in particular", { bonus: "0.0005" }, ["noBonusWithin"]],
    ["a bonus within no number", { bonus: "0.0005", bonusWithinS: "soon" }, ["badBonusWithin"]],
    ["a bonus for everybody", { bonus: "0.0005", bonusWithinS: "61" }, ["bonusNoTime"]],
    ["a bonus on one's own devices is none", { bonus: "x", policy: "trusted" }, []],
    ["hours and minutes", { deadlineH: "0", minutes: "61" }, ["badDeadline", "badMinutes"]],
    ["no country", { countries: "de, xx" }, ["badCountries"]],
    ["a country twice", { countries: "de fr", notCountries: "DE" }, ["countryTwice"]],
    ["no module", { runtime: "wasm" }, ["noModule"]],
  ])("%s", (_, part, words) => {
    expect(problems(part)).toEqual(words);
  });

  it("inputs: none, unreadable, too few arguments", () => {
    expect(problems({}, NOTHING)).toEqual(["noInputs"]);
    expect(problems({}, { refused: { problem: "ends", line: 1, found: "" } })).toContain("inputsUnreadable");
    expect(problems({}, read({ count: 1, line: 7 }))).toEqual(["tooFew"]);
  });
});

describe("the order", () => {
  it("of an untouched form names what the coordinator needs and no more", () => {
    expect(order({})).toEqual({
      name: "f",
      runtime: "python",
      program: "p",
      entry: "f",
      policy: "classic",
      requirements: {},
      price_micros: 1_000,
      budget_micros: 13_500,
      limits: { wall_s: 60 },
    });
  });

  it("has every condition that was set", () => {
    const part: Partial<Draft> = {
      name: " my\tjob ",
      purpose: "for all",
      policy: "adaptive",
      epsilon: "0.01",
      deadlineH: "1,5",
      minutes: "0.5",
      countries: "de de",
      notCountries: "fr",
      memoryGb: "4",
      cores: "2",
      gpu: true,
      strategy: "round_robin",
      validator: "numeric_tolerance",
      tolerance: "1e-6",
    };
    expect(order(part)).toMatchObject({
      name: "my job",
      purpose: "for all",
      epsilon: 0.01,
      deadline_s: 5_400,
      limits: { wall_s: 30 },
      requirements: { countries: ["DE"], not_countries: ["FR"], memory_bytes: 2 ** 32, cores: 2, gpu: true },
      strategy: "round_robin",
      validator: "numeric_tolerance",
      validator_parameters: { rel: 1e-6 },
    });
  });

  it("has currency and bonus; seconds without a bonus say nothing", () => {
    const part = { currency: "eur", price: "0.002", bonusWithinS: "2.5" };
    expect(order({ ...part, bonus: "0.0005" })).toMatchObject({
      currency: "eur",
      price_micros: 2_000,
      bonus_micros: 500,
      bonus_within_s: 2.5,
    });
    expect(Object.keys(order(part))).not.toContain("bonus_within_s");
    expect(order({ ...part, bonus: "0.0005", policy: "trusted" })).not.toHaveProperty("bonus_micros");
  });

  it("of a checked job names the function that checks; one on the own devices is free", () => {
    const checked = order({ policy: "checked", verifierEntry: "check" }, "p");
    expect(checked).toMatchObject({ verifier: "p", verifier_entry: "check" });
    expect(order({ policy: "trusted" })).toMatchObject({ price_micros: 0, budget_micros: 0 });
  });
});

it("a job is called as its function, or its module", () => {
  expect(nameOf(draftOf({ runtime: "wasm", module: new File([], "fold.wasm") }), undefined)).toBe("fold");
  expect(nameOf(draftOf({ source: "" }), undefined)).toBe("job");
});

it("countries are written in many ways", () => {
  expect(countriesOf(" de,FR;at\nde ")).toEqual(["DE", "FR", "AT"]);
});
