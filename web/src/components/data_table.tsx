import {
  type ColumnDef,
  createColumnHelper,
  createSortedRowModel,
  type Header,
  type RowData,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx";
import { Skeleton } from "./skeleton";

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
type Features = typeof features;

/** How a column stands: `end` for numbers, `wide` gets the room that is left, `desktop` is left out on phones. */
export interface ColumnLook {
  readonly align?: "end";
  readonly wide?: boolean;
  readonly desktop?: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: a column's value type concerns nobody but its own cell
export type Column<T extends RowData> = ColumnDef<Features, T, any>;

/** `const column = columnsOf<Job>()`, then `column.accessor("name", { header: "Name" })`: at module scope or in a memo. */
export function columnsOf<T extends RowData>() {
  return createColumnHelper<Features, T>();
}

/** A table of rows that are all here. Without `rows` it shows the shape of what will come. */
export function DataTable<T extends RowData>(props: {
  /** What the table is, for screen readers. */
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[] | undefined;
  rowId: (row: T) => string;
  empty: ReactNode;
  skeletonRows?: number;
  /** Headers sort when they are pressed. */
  sortable?: boolean;
}) {
  const { label, columns, rows, rowId, empty, skeletonRows = 5, sortable = false } = props;
  const table = useTable({
    features,
    columns: columns as Column<T>[],
    data: (rows ?? NONE) as readonly T[] as T[],
    getRowId: rowId,
    enableSorting: sortable,
  });
  if (rows?.length === 0) return <>{empty}</>;
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} aria-busy={rows === undefined} className="w-full border-collapse text-sm">
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-line border-b text-left text-ink-faint text-xs">
              {group.headers.map((header) => (
                <HeaderCell key={header.id} header={header}>
                  <table.FlexRender header={header} />
                </HeaderCell>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {rows === undefined
            ? Array.from({ length: skeletonRows }, (_, place) => (
                <tr key={place} className="h-12 border-line border-b last:border-0">
                  {table.getAllLeafColumns().map((column) => (
                    <td key={column.id} className={cell(column.columnDef.meta)}>
                      <Skeleton className="h-4 w-full max-w-32" />
                    </td>
                  ))}
                </tr>
              ))
            : table.getRowModel().rows.map((row) => (
                <tr key={row.id} className="h-12 border-line border-b last:border-0 hover:bg-sunken/60">
                  {row.getAllCells().map((one) => (
                    <td key={one.id} className={cell(one.column.columnDef.meta)}>
                      <table.FlexRender cell={one} />
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
    </div>
  );
}

const NONE: readonly never[] = [];

function HeaderCell<T extends RowData>({
  header,
  children,
}: {
  header: Header<Features, T, unknown>;
  children: ReactNode;
}) {
  const sorted = header.column.getIsSorted();
  const classes = cx(cell(header.column.columnDef.meta), "h-9 font-medium");
  if (!header.column.getCanSort()) {
    return (
      <th scope="col" className={classes}>
        {children}
      </th>
    );
  }
  return (
    <th scope="col" aria-sort={sorted ? (sorted === "asc" ? "ascending" : "descending") : "none"} className={classes}>
      <button
        type="button"
        onClick={header.column.getToggleSortingHandler()}
        className="inline-flex items-center gap-1"
      >
        {children}
        {sorted === "asc" && <ArrowUp aria-hidden className="size-3" />}
        {sorted === "desc" && <ArrowDown aria-hidden className="size-3" />}
      </button>
    </th>
  );
}

function cell(meta: unknown): string {
  const look = (meta ?? {}) as ColumnLook;
  return cx(
    "px-4 py-2 whitespace-nowrap sm:px-5",
    look.align === "end" && "text-right tabular-nums",
    look.wide && "w-full max-w-0 min-w-40 truncate",
    look.desktop && "hidden md:table-cell",
  );
}
