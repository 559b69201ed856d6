// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { VirtualTable } from "./virtual_table";

configure({ asyncUtilTimeout: 10_000 });
const ROW = 40;
const SEEN = 400;
const height = Object.getOwnPropertyDescriptor(HTMLElement.prototype, "clientHeight");

/** There is no layout here, so the scrolling area is told how high it is. */
beforeEach(() => Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, value: SEEN }));
afterEach(() => {
  cleanup();
  if (height) Object.defineProperty(HTMLElement.prototype, "clientHeight", height);
});

function show(rows: (from: number, limit: number) => Promise<readonly string[]>) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const columns = [{ id: "name", header: "Name", width: "1fr", cell: (row: string) => row }];
  render(
    <QueryClientProvider client={client}>
      <VirtualTable label="Tasks" columns={columns} total={100_000} rows={rows} queryKey={["tasks"]} rowHeight={ROW} />
    </QueryClientProvider>,
  );
}

it("loads the window in sight and makes no more rows than fit", async () => {
  const asked: [number, number][] = [];
  show(async (from, limit) => {
    asked.push([from, limit]);
    return Array.from({ length: limit }, (_, place) => `task ${from + place}`);
  });
  expect(await screen.findByText("task 0")).toBeTruthy();
  expect(asked).toEqual([[0, 100]]);
  expect(screen.getAllByRole("row").length).toBeLessThan(40);
  expect(screen.getByRole("table", { name: "Tasks" }).getAttribute("aria-rowcount")).toBe("100001");
});

it("says what went wrong when a window cannot be loaded", async () => {
  show(async () => {
    throw new Error("no");
  });
  expect(await screen.findByRole("alert")).toBeTruthy();
});
