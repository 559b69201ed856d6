// biome-ignore-all lint/a11y/useSemanticElements: table elements have no place for rows that do not exist
// biome-ignore-all lint/a11y/useFocusableInteractive: rows of a table are no controls
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys

import type { QueryKey } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, memo, type ReactNode, useMemo, useRef } from "react";
import { useText } from "../../app/text";
import { cx } from "../../components/cx";
import { ErrorNotice } from "../../components/error_notice";
import { words } from "../../components/words";
import { type Rows, useWindows } from "./use_windows";

export interface LongColumn<T> {
  readonly id: string;
  readonly header: ReactNode;
  readonly cell: (row: T) => ReactNode;
  /** A track of the grid: "6rem", "minmax(0, 1fr)". */
  readonly width: string;
  readonly align?: "end";
}

const ROW_PX = 44;
const OVERSCAN = 8;
const RESTS_MS = 120;
const HEIGHT = "min(34rem, 70dvh)";
/** More than ever are in sight, so that a row's element is used again for the row that takes its turn. */
const ELEMENTS = 64;

/** As many rows as there are, of which only those in sight exist: made for a hundred thousand at full frame rate. */
export function LongTable<T>(props: {
  label: string;
  columns: readonly LongColumn<T>[];
  total: number;
  rows: Rows<T>;
  queryKey: QueryKey;
  refetchMs: number | false;
  /** What stands in the first column of a row that is not here yet. */
  placeholder: (index: number) => string;
}) {
  const { label, columns, total, rows, queryKey, refetchMs, placeholder } = props;
  const t = useText(words);
  const area = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => area.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    isScrollingResetDelay: RESTS_MS,
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index, items.at(-1)?.index];
  const { rowAt, failed } = useWindows({ rows, queryKey, refetchMs, first, last, resting: !virtual.isScrolling });
  const grid = useMemo(() => ({ gridTemplateColumns: columns.map(({ width }) => width).join(" ") }), [columns]);
  return (
    <div>
      {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
      <div
        ref={area}
        role="table"
        aria-label={label}
        aria-rowcount={total + 1}
        tabIndex={0}
        className="overflow-auto focus-visible:-outline-offset-2"
        style={{ height: HEIGHT }}
      >
        <Head columns={columns} grid={grid} />
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rowAt(index);
            const pending = row === undefined ? placeholder(index) : undefined;
            return <Row key={index % ELEMENTS} {...{ row, pending, index, start, columns, grid }} />;
          })}
        </div>
      </div>
      <p className="px-4 py-2 text-right text-ink-faint text-xs tabular-nums">{t("rows", { count: total })}</p>
    </div>
  );
}

const GRID = "grid items-center px-2 sm:px-3";
const cell = (align: "end" | undefined) => cx("truncate px-2", align && "text-right tabular-nums");

function Head<T>({ columns, grid }: { columns: readonly LongColumn<T>[]; grid: CSSProperties }) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 border-line border-b bg-surface">
      <div role="row" aria-rowindex={1} style={grid} className={cx(GRID, "h-9 font-medium text-ink-faint text-xs")}>
        {columns.map((column) => (
          <div key={column.id} role="columnheader" className={cell(column.align)}>
            {column.header}
          </div>
        ))}
      </div>
    </div>
  );
}

interface RowProps<T> {
  readonly row: T | undefined;
  readonly pending: string | undefined;
  readonly index: number;
  readonly start: number;
  readonly columns: readonly LongColumn<T>[];
  readonly grid: CSSProperties;
}

/** Drawn again only when something of it changes. A row that is not here is its number: a frame has no time for more. */
const Row = memo(function Row<T>({ row, pending, index, start, columns, grid }: RowProps<T>) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-busy={row === undefined || undefined}
      className={cx(GRID, "absolute inset-x-0 border-line border-b text-sm [contain:strict] hover:bg-sunken/60")}
      style={{ ...grid, height: ROW_PX, transform: `translateY(${start}px)` }}
    >
      {row === undefined ? (
        <div role="cell" className={cx(cell(undefined), "text-ink-faint")}>
          {pending}
        </div>
      ) : (
        columns.map((column) => (
          <div key={column.id} role="cell" className={cell(column.align)}>
            {column.cell(row)}
          </div>
        ))
      )}
    </div>
  );
}) as <T>(props: RowProps<T>) => ReactNode;
