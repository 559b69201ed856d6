import { expect, test } from "vitest";
import { ApiError } from "../../api/problem";
import { type Kept, keep, looksOf, type Store } from "./preferences";

/** A coordinator's store; `meanwhile`: what other tabs write before each of our writes. */
function storeOf(first: Kept, meanwhile: Record<string, unknown>[] = []) {
  let held = first;
  const put = (document: Kept["document"]) => {
    held = { version: held.version + 1, document };
    return held;
  };
  const store: Store = {
    read: async () => held,
    write: async (wanted) => {
      const other = meanwhile.shift();
      if (other) put({ ...held.document, ...other });
      if (wanted.version !== held.version)
        throw new ApiError({ code: "preferences_changed", status: 409, message: "changed" });
      return put(wanted.document);
    },
  };
  return { store, held: () => held };
}

test("a change leaves alone what other pages keep in the document", async () => {
  const { store, held } = storeOf({ version: 3, document: { theme: "dark", later: [1] } });
  await keep(store, { locale: "de" });
  expect(held()).toEqual({ version: 4, document: { theme: "dark", later: [1], locale: "de" } });
});

test("two tabs that write at once both get their way", async () => {
  const { store, held } = storeOf({ version: 1, document: {} }, [{ theme: "dark" }]);
  await keep(store, { locale: "de" });
  expect(held().document).toEqual({ theme: "dark", locale: "de" });
});

test("who is always too late is told so in the end", async () => {
  const { store } = storeOf(
    { version: 1, document: {} },
    [1, 2, 3, 4].map((tick) => ({ tick })),
  );
  await expect(keep(store, { locale: "de" })).rejects.toMatchObject({ status: 409 });
});

test("what no page understands changes nothing", () => {
  expect(looksOf({ locale: "de", theme: "light" })).toEqual({ locale: "de", theme: "light" });
  expect(looksOf({ locale: "tlh", theme: 7 })).toEqual({});
});
