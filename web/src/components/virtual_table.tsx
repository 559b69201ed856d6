import { type QueryKey, useQueries } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useRef } from "react";
import { useText } from "../app/text";
import { cx } from "./cx";
import { ErrorNotice } from "./error_notice";
import { Skeleton } from "./skeleton";
import { pagesOf } from "./windows";
import { words } from "./words";

export interface VirtualColumn<T> {
  readonly id: string;
  readonly header: ReactNode;
  readonly cell: (row: T, index: number) => ReactNode;
  /** A track of the grid: "6rem", "minmax(0, 1fr)". */
  readonly width: string;
  readonly align?: "end";
}

const PAGE = 100;
const KEPT_MS = 30_000;

/**
 * As many rows as there are, of which only those in sight exist. `rows(from, limit)` loads a window when scrolling
 * rests; what has been out of sight for half a minute is forgotten.
 */
export function VirtualTable<T>(props: {
  label: string;
  columns: readonly VirtualColumn<T>[];
  total: number;
  rows: (from: number, limit: number, signal: AbortSignal) => Promise<readonly T[]>;
  /** Names the data: changes when a filter does. */
  queryKey: QueryKey;
  /** Asks again for the windows in sight. */
  refetchMs?: number | false;
  rowHeight?: number;
  /** Of the scrolling area, as CSS. */
  height?: string;
}) {
  const { label, columns, total, rows, queryKey, refetchMs = false, rowHeight = 44, height = "32rem" } = props;
  const t = useText(words);
  const area = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => area.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const pages = pagesOf(items[0]?.index, items.at(-1)?.index, PAGE);
  const queries = useQueries({
    queries: pages.map((page) => ({
      queryKey: [...queryKey, "window", page],
      queryFn: ({ signal }: { signal: AbortSignal }) => rows(page * PAGE, PAGE, signal),
      enabled: !virtual.isScrolling,
      gcTime: KEPT_MS,
      refetchInterval: refetchMs,
    })),
  });
  const failed = queries.find((query) => query.error);
  const rowAt = (index: number) => queries[pages.indexOf(Math.floor(index / PAGE))]?.data?.[index % PAGE];
  const grid = { display: "grid", gridTemplateColumns: columns.map((column) => column.width).join(" ") };
  const align = (column: VirtualColumn<T>) => cx("truncate px-2", column.align === "end" && "text-right tabular-nums");
  return (
    <div>
      {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
      <div
        ref={area}
        role="table"
        aria-label={label}
        aria-rowcount={total + 1}
        tabIndex={0}
        className="overflow-auto"
        style={{ height }}
      >
        <div role="rowgroup" className="sticky top-0 z-10 min-w-fit border-line border-b bg-surface px-2 sm:px-3">
          <div
            role="row"
            aria-rowindex={1}
            style={grid}
            className="h-9 items-center font-medium text-ink-faint text-xs"
          >
            {columns.map((column) => (
              <div key={column.id} role="columnheader" className={align(column)}>
                {column.header}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="relative min-w-fit" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rowAt(item.index);
            return (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                aria-busy={row === undefined || undefined}
                className="absolute inset-x-0 items-center border-line border-b px-2 text-sm hover:bg-sunken/60 sm:px-3"
                style={{ ...grid, height: rowHeight, transform: `translateY(${item.start}px)` }}
              >
                {columns.map((column) => (
                  <div key={column.id} role="cell" className={align(column)}>
                    {row === undefined ? <Skeleton className="h-3.5 w-3/4" /> : column.cell(row, item.index)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      <p className="px-4 py-2 text-right text-ink-faint text-xs tabular-nums">{t("rows", { count: total })}</p>
    </div>
  );
}
