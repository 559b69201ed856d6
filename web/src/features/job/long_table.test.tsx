// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LongTable } from "./long_table";
import type { Rows } from "./use_windows";

configure({ asyncUtilTimeout: 10_000 });
const height = Object.getOwnPropertyDescriptor(HTMLElement.prototype, "clientHeight");

/** There is no layout here, so the scrolling area is told how high it is. */
beforeEach(() => Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, value: 400 }));
afterEach(() => {
  cleanup();
  if (height) Object.defineProperty(HTMLElement.prototype, "clientHeight", height);
});

const columns = [{ id: "name", header: "Name", width: "1fr", cell: (row: string) => row }];

function show(rows: Rows<string>): void {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <LongTable
        label="Tasks"
        columns={columns}
        total={100_000}
        rows={rows}
        queryKey={["tasks"]}
        refetchMs={false}
        placeholder={(index) => `row ${index}`}
      />
    </QueryClientProvider>,
  );
}

const PATIENCE_MS = 20_000;

it(
  "loads only what is in sight, and reads on where scrolling comes to rest",
  async () => {
    const asked: number[] = [];
    show(async (from, limit) => {
      asked.push(from);
      return Array.from({ length: limit }, (_, place) => `task ${from + place}`);
    });
    expect(await screen.findByText("task 0")).toBeTruthy();
    expect(screen.getAllByRole("row").length).toBeLessThan(30);
    const area = screen.getByRole("table", { name: "Tasks" });
    area.scrollTop = 44 * 50_020;
    fireEvent.scroll(area);
    expect(screen.getByText("row 50020")).toBeTruthy();
    expect(await screen.findByText("task 50020")).toBeTruthy();
    expect(asked).toEqual([0, 50_000]);
  },
  PATIENCE_MS,
);

it("says what went wrong when a window cannot be loaded", async () => {
  show(async () => {
    throw new Error("no");
  });
  expect(await screen.findByRole("alert")).toBeTruthy();
});
