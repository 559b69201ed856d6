import { expect, it } from "vitest";
import { countries } from "./countries";

it("lists every country once, in the order of its readers", () => {
  const german = countries("de");
  expect(new Set(german.map(({ code }) => code)).size).toBe(249);
  expect(german.find(({ code }) => code === "DE")?.name).toBe("Deutschland");
  const places = ["Ägypten", "Belgien", "Österreich", "Portugal"].map((name) =>
    german.findIndex((country) => country.name === name),
  );
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
});
