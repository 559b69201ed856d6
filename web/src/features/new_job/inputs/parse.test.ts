import { describe, expect, it } from "vitest";
import { decode } from "../../../values/decode";
import { show } from "../../../values/show";
import { parse, type Reading } from "./parse";
import { InputError } from "./problem";
import type { Tasks } from "./tasks";

const PLAIN: Reading = { form: "lines", runtime: "python", header: "detect", numbers: true, spread: false };
const read = (text: string, reading: Partial<Reading> = {}) => parse(text, { ...PLAIN, ...reading });
const shown = (tasks: Tasks) => Array.from({ length: tasks.count }, (_, place) => show(decode(tasks.payload(place))));

describe("lines", () => {
  it("are a text each; blank ones are none", () => {
    expect(shown(read("one\r\n\n two \n"))).toEqual(['["one"]', '[" two "]']);
  });

  it("of JSON are a value each, or several arguments", () => {
    const text = '1\n[1, 2.0]\n{"a": null}';
    expect(shown(read(text, { form: "json_lines" }))).toEqual(["[1]", "[[1, 2.0]]", '[{"a": None}]']);
    expect(shown(read(text, { form: "json_lines", spread: true }))).toEqual(["[1]", "[1, 2.0]", '[{"a": None}]']);
  });

  it("are bytes to a WebAssembly module", () => {
    const tasks = read("ä\nb", { runtime: "wasm" });
    expect([tasks.payload(0), tasks.payload(1)]).toEqual([Uint8Array.of(0xc3, 0xa4), Uint8Array.of(0x62)]);
  });
});

describe("CSV", () => {
  const csv = (text: string, reading: Partial<Reading> = {}) => shown(read(text, { form: "csv", ...reading }));

  it("has quotes, line ends inside them, and a byte order mark", () => {
    expect(csv('\uFEFF"a, ""b""",1\r\n"two\nlines",2\n')).toEqual(['["a, \\"b\\"", 1]', '["two\\nlines", 2]']);
  });

  it.each([
    ["a;1,5\nb;2", '["a", "1,5"]'],
    ["a\t1\nb\t2", '["a", 1]'],
  ])("finds its separator in %j", (text, first) => {
    expect(csv(text)[0]).toBe(first);
  });

  it("takes numbers for numbers, and nothing else", () => {
    expect(csv("1,-2.5,1e3,007,+49,,0x1,1_000\n")).toEqual(['[1, -2.5, 1000.0, "007", "+49", "", "0x1", "1_000"]']);
    expect(csv("1,2\n", { numbers: false })).toEqual(['["1", "2"]']);
  });

  it("knows a row of names when it sees one, and is told otherwise", () => {
    const tasks = read("name,size\nx,1\ny,2\n", { form: "csv" });
    expect(tasks.names).toEqual(["name", "size"]);
    expect(shown(tasks)).toEqual(['["x", 1]', '["y", 2]']);
    expect(csv("name,size\nx,1\n", { header: "no" })).toHaveLength(2);
    expect(csv("a,b\nc,d\n")).toHaveLength(2);
    expect(csv("a,b\nc,d\n", { header: "yes" })).toEqual(['["c", "d"]']);
    expect(csv("name\n", { header: "yes" })).toEqual([]);
  });
});

describe("a JSON array", () => {
  it("is a task for every element", () => {
    expect(shown(read("[1, [2, 3], 12345678901234567890123]", { form: "json" }))).toEqual([
      "[1]",
      "[[2, 3]]",
      "[12345678901234567890123]",
    ]);
  });

  it("says how many arguments its elements give", () => {
    const tasks = read("[[1, 2], [3], [4, 5, 6]]", { form: "json", spread: true });
    expect([tasks.fewest, tasks.most]).toEqual([
      { count: 1, line: 2 },
      { count: 3, line: 3 },
    ]);
    expect(tasks.first).toEqual(["(1, 2)", "(3)", "(4, 5, 6)"]);
  });
});

it("without anything there is nothing", () => {
  for (const form of ["lines", "json_lines", "csv", "json"] as const) expect(read("\n", { form }).count).toBe(0);
});

describe("what cannot be read is named with its line", () => {
  it.each<[string, Reading["form"], string, number]>([
    ["1\n2\nx", "json_lines", "unexpected", 3],
    ["[1,\n2,\n}", "json", "unexpected", 3],
    ['{"a": 1}', "json", "no_array", 1],
    ['a,b\n"c,d\n', "csv", "open_quote", 2],
    ['a,"b"c\n', "csv", "after_quote", 1],
    ['1\n"\\ud800"', "json_lines", "value", 2],
  ])("%j", (text, form, problem, line) => {
    expect(() => read(text, { form })).toThrow(InputError);
    expect(() => read(text, { form })).toThrow(`${problem} at line ${line}`);
  });

  it("and so is one too many", () => {
    expect(() => parse("1\n2\n\n3\n", PLAIN, 2)).toThrow("too_many at line 4");
  });
});
