import { describe, expect, it } from "vitest";
import { jobsSearch, queryOf } from "./search";

describe("what the address of the list holds", () => {
  it("becomes a question to the coordinator", () => {
    const search = jobsSearch.parse({ q: 42, state: "live", runtime: "wasm" });
    expect(queryOf(search)).toEqual({ limit: 25, q: "42", state: ["open", "running"], runtime: "wasm" });
  });

  it("is left out where it means nothing", () => {
    const search = jobsSearch.parse({ state: "sleeping", runtime: ["wasm"], cursor: 7, colour: "red" });
    expect(queryOf(search)).toEqual({ limit: 25 });
  });
});
