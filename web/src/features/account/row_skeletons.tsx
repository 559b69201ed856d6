import { Skeleton } from "../../components/skeleton";

/** Rows that are on their way. */
export function RowSkeletons({ rows }: { rows: number }) {
  return (
    <div aria-hidden className="divide-y divide-line">
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <div key={row} className="flex min-h-17 flex-col justify-center gap-2 px-4 py-3 sm:px-5">
          <Skeleton className="h-4 w-36" />
          <Skeleton className="h-3.5 w-56" />
        </div>
      ))}
    </div>
  );
}
