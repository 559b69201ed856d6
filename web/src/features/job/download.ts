import { ApiError, type Job, jobsDownloadResults, tasksOutcome } from "../../api";
import { unreachable } from "../../api/problem";
import { payloadOf } from "./exactly";
import { digits } from "./queries";

/** A file on its way from the coordinator: whoever shows it hears of every piece. */
export class Saving {
  bytes = 0;
  readonly #listeners = new Set<() => void>();
  readonly #abort = new AbortController();
  /** True when the file was handed to the browser, false when it was stopped; rejects with an ApiError. */
  readonly ended: Promise<boolean>;

  constructor(fetch: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>, name: string) {
    this.ended = this.#run(fetch, name).catch((error) => {
      if (this.#abort.signal.aborted) return false;
      throw error instanceof ApiError ? error : unreachable(error);
    });
  }

  stop(): void {
    this.#abort.abort();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async #run(
    fetch: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>,
    name: string,
  ): Promise<boolean> {
    const reader = (await fetch(this.#abort.signal)).getReader();
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      pieces.push(piece.value);
      this.bytes += piece.value.length;
      for (const listener of this.#listeners) listener();
    }
    saveFile(new Blob(pieces), name);
    return true;
  }
}

/** Begins to fetch all results of a job as a file. */
export function saveResults(job: Job, format: "jsonl" | "csv"): Saving {
  const stream = (signal: AbortSignal) =>
    jobsDownloadResults({ path: { job_id: job.id }, query: { format }, parseAs: "stream", signal }) as Promise<unknown>;
  return new Saving(stream as never, `${fileName(job.name)}.${format}`);
}

/** The bare bytes of one task's result, as a file. */
export async function saveResult(job: Job, task: { id: string; index: number }): Promise<void> {
  const found = (await tasksOutcome({ path: { task_id: digits(task.id) }, parseAs: "arrayBuffer" })) as unknown;
  const payload = payloadOf(new Uint8Array(found as ArrayBuffer));
  saveFile(new Blob([payload]), `${fileName(job.name)}-${task.index}.bin`);
}

/** What every file system takes. */
export function fileName(name: string): string {
  const plain = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return plain.slice(0, 60) || "results";
}

/** Hands a file to the browser. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
