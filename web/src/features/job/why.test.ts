import { describe, expect, it } from "vitest";
import { textIn } from "../../app/text";
import { text } from "./messages";
import { advice, exclusions, reason } from "./why";

const en = textIn(text, "en");
const de = textIn(text, "de");

describe("why a job waits", () => {
  it("is said in the page's language, with what to do", () => {
    expect(reason(de, { code: "excluded", words: "no node online meets its conditions" })).toBe(
      "Kein Gerät, das online ist, erfüllt seine Bedingungen",
    );
    expect(advice(en, { code: "excluded" })).toContain("fewer conditions");
  });

  it("is said in the coordinator's words where the page knows none", () => {
    expect(reason(en, { code: "eclipse", words: "the sun is away" })).toBe("the sun is away");
    expect(advice(en, { code: "eclipse" })).toBe("");
  });

  it("names the conditions, the one that excludes most first", () => {
    const why = { code: "excluded", words: "", excluded: { gpu: 1, memory: 12, aura: 2 } };
    expect(exclusions(en, why)).toEqual(["12 have too little memory", "2: aura", "1 has no graphics processor"]);
  });
});
