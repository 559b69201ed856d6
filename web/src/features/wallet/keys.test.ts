import { expect, it } from "vitest";
import { orderKeys } from "./keys";

it("gives the same order the same key, and another order another", () => {
  let count = 0;
  const keys = orderKeys(() => `key-${++count}`);
  expect(keys({ amount: 1 })).toBe("key-1");
  expect(keys({ amount: 1 })).toBe("key-1");
  expect(keys({ amount: 2 })).toBe("key-2");
  expect(keys({ amount: 1 })).toBe("key-1");
});
