import { useQuery } from "@tanstack/react-query";
import { type BatchView, operatorFile } from "../../api";
import { transfersOf } from "./bank_file";
import { BATCHES } from "./keys";

/** A batch's file as the bank gets it. */
export async function fetchFile(batch: BatchView): Promise<string> {
  return (await operatorFile({ path: { batch_id: batch.id }, parseAs: "text" })) as unknown as string;
}

/** What it asks the bank to do; it never changes. */
export function useTransfers(batch: BatchView) {
  return useQuery({
    queryKey: [...BATCHES, "file", batch.id],
    queryFn: async () => transfersOf(await fetchFile(batch)),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
