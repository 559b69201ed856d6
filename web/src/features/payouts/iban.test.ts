import { expect, it } from "vitest";
import { looksLikeIban, plainIban } from "./iban";

it("knows the check digits of an IBAN", () => {
  expect(looksLikeIban(plainIban("de89 3704 0044 0532 0130 00"))).toBe(true);
  expect(looksLikeIban(plainIban("GB82 WEST 1234 5698 7654 32"))).toBe(true);
  for (const text of ["", "DE88370400440532013000", "DE89", "89DE370400440532013000", "DE8937040044053201300O"]) {
    expect(looksLikeIban(text)).toBe(false);
  }
});
