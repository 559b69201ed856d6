// The page's end of the worker that reads inputs.

import { bytesToHex } from "@noble/hashes/utils.js";
import type { Answer, Ask, Read, Refused } from "./between";
import type { Reading } from "./parse";

/** Where the arguments of a job come from, batch by batch. */
export interface Payloads {
  readonly count: number;
  /** From that place on, at least one. */
  payloads(from: number): Promise<readonly Uint8Array<ArrayBuffer>[]>;
  /** Differs when anything in them does. */
  fingerprint(): Promise<string>;
}

export type Outcome = { readonly read: Read } | { readonly refused: Refused };

export class Reader {
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  #last: Promise<unknown> = Promise.resolve();

  read(source: string | Blob, reading: Reading): Promise<Outcome> {
    return this.#ask({ ask: "read", source, reading }) as Promise<Outcome>;
  }

  /** What was read last. */
  payloads(count: number): Payloads {
    return {
      count,
      payloads: async (from) => {
        const answer = await this.#ask({ ask: "payloads", from });
        return "payloads" in answer ? answer.payloads : [];
      },
      fingerprint: async () => {
        const answer = await this.#ask({ ask: "fingerprint" });
        return "fingerprint" in answer ? bytesToHex(answer.fingerprint) : "";
      },
    };
  }

  close(): void {
    this.#worker.terminate();
  }

  /** One question at a time: answers carry no number. */
  #ask(question: Ask): Promise<Answer> {
    const answer = this.#last.then(() => this.#asked(question));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  #asked(question: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
      this.#worker.onerror = (event) => reject(new Error(event.message || "the inputs could not be read"));
      this.#worker.postMessage(question);
    });
  }
}

/** Files as they are, one a task: what a WebAssembly module finds on its standard input. */
export function filePayloads(files: readonly File[]): Payloads {
  return {
    count: files.length,
    payloads: async (from) => [new Uint8Array((await files[from]?.arrayBuffer()) ?? new ArrayBuffer())],
    fingerprint: async () => JSON.stringify(files.map(({ name, size, lastModified }) => [name, size, lastModified])),
  };
}
