import { type QueryKey, useQueries, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { pagesOf } from "../../components/windows";

export type Rows<T> = (from: number, limit: number, signal: AbortSignal) => Promise<readonly T[]>;

export const WINDOW = 100;
const KEPT_MS = 30_000;

/**
 * The rows in sight, read in windows of a hundred when scrolling rests. While it does not, what is already here is
 * shown and nothing is asked or watched: a frame has no time for that. What is out of sight is forgotten in a while.
 */
export function useWindows<T>(wanted: {
  rows: Rows<T>;
  queryKey: QueryKey;
  refetchMs: number | false;
  first: number | undefined;
  last: number | undefined;
  resting: boolean;
}) {
  const { rows, queryKey, refetchMs, first, last, resting } = wanted;
  const cache = useQueryClient();
  const inSight = pagesOf(first, last, WINDOW);
  const watched = useRef(inSight);
  if (resting) watched.current = inSight;
  const keyOf = (page: number) => [...queryKey, "window", page];
  const queries = useQueries({
    queries: watched.current.map((page) => ({
      queryKey: keyOf(page),
      queryFn: ({ signal }: { signal: AbortSignal }) => rows(page * WINDOW, WINDOW, signal),
      enabled: resting,
      gcTime: KEPT_MS,
      refetchInterval: refetchMs,
    })),
  });
  const read = new Map(queries.map((query, place) => [watched.current[place], query.data]));
  const held = new Map(inSight.map((page) => [page, read.get(page) ?? cache.getQueryData<readonly T[]>(keyOf(page))]));
  return {
    rowAt: (index: number) => held.get(Math.floor(index / WINDOW))?.[index % WINDOW],
    failed: queries.find((query) => query.error),
  };
}
