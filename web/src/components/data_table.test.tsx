// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { columnsOf, DataTable } from "./data_table";
import { pagesOf } from "./windows";

interface Row {
  id: string;
  size: number;
}
const column = columnsOf<Row>();
const columns = column.columns([
  column.accessor("id", { header: "Name" }),
  column.accessor("size", { header: "Size", cell: (cell) => `${cell.getValue()} kB`, meta: { align: "end" } }),
]);
const show = (rows: Row[] | undefined, sortable = false) =>
  render(
    <DataTable
      label="Files"
      columns={columns}
      rows={rows}
      rowId={(row) => row.id}
      empty="No files"
      sortable={sortable}
    />,
  );
const cells = () => screen.getAllByRole("cell").map((cell) => cell.textContent);

afterEach(cleanup);

it("shows what its columns say of each row", () => {
  show([
    { id: "b", size: 2 },
    { id: "a", size: 10 },
  ]);
  expect(cells()).toEqual(["b", "2 kB", "a", "10 kB"]);
});

it("sorts by number when a header is pressed, if it may", () => {
  const rows = [
    { id: "b", size: 2 },
    { id: "a", size: 10 },
  ];
  show(rows, true);
  fireEvent.click(screen.getByRole("button", { name: "Size" }));
  expect(cells()[1]).toBe("10 kB");
});

it("keeps the place of rows that are on their way, and says that it is busy", () => {
  show(undefined);
  expect(screen.getByRole("table", { name: "Files" }).getAttribute("aria-busy")).toBe("true");
  expect(screen.getAllByRole("row").length).toBe(6);
});

it("says so when there are none", () => {
  show([]);
  expect(screen.getByText("No files")).toBeTruthy();
});

it("windows of a long table are those that hold what is in sight", () => {
  expect(pagesOf(95, 130, 100)).toEqual([0, 1]);
  expect(pagesOf(99_900, 99_999, 100)).toEqual([999]);
  expect(pagesOf(undefined, undefined, 100)).toEqual([]);
});
