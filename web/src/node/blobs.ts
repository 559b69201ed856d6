// Programs, large arguments and large outcomes, by digest. Every byte that leaves this module has the SHA-256 it was
// asked for by. It must never hold more than its cap, nor ask for one blob twice at a time.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { Backoff } from "./backoff";
import { ProtocolError } from "./codec";
import { MAX_BLOB_BYTES } from "./messages.gen";
import * as outcome from "./outcome";

const MEMORY_BYTES = 128 << 20;
const ATTEMPTS = 4;
const AGAIN = new Set([429, 502, 503, 504]);

/** A blob could not be had, or not be stored. No task is to blame. */
export class BlobError extends ProtocolError {
  constructor(message: string, code = "artifact_unavailable") {
    super(code, message);
  }
}

export type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** What this module needs of the world: requests that carry the node's token, chance, and waiting. */
export interface Store {
  ask: Ask;
  random(): number;
  wait(seconds: number): Promise<void>;
}

export class Blobs {
  readonly #recent = new Map<string, Uint8Array>();
  readonly #coming = new Map<string, Promise<Uint8Array>>();
  #bytes = 0;

  constructor(
    private readonly store: Store,
    private readonly memoryBytes = MEMORY_BYTES,
  ) {}

  /** The blob with this digest. Throws BlobError. */
  async fetch(digest: Uint8Array): Promise<Uint8Array> {
    const name = bytesToHex(digest);
    const known = this.#recent.get(name);
    if (known !== undefined) {
      this.#remember(name, known);
      return known;
    }
    const coming = this.#coming.get(name) ?? this.#obtain(name).finally(() => this.#coming.delete(name));
    this.#coming.set(name, coming);
    return coming;
  }

  /** The bare bytes of an argument, wherever they are. Throws BlobError. */
  async argument(encoded: Uint8Array): Promise<Uint8Array> {
    if (encoded[0] === outcome.INLINE) return encoded.subarray(1);
    const named = outcome.blobOf(encoded);
    if (named === undefined) throw new BlobError("an argument is malformed", "bad_argument");
    const content = await this.fetch(named.digest);
    if (BigInt(content.length) !== named.size) throw new BlobError("a blob of another size than announced");
    return content[0] === outcome.INLINE ? content.subarray(1) : content;
  }

  /** Uploads a full outcome unless it is there; the reference to report. Throws BlobError. */
  async publish(content: Uint8Array): Promise<Uint8Array> {
    const digest = sha256(content);
    const path = `/api/blobs/${bytesToHex(digest)}`;
    if ((await this.#again(path, { method: "HEAD" })).status !== 200) {
      const answer = await this.#again(path, { method: "PUT", body: content as Uint8Array<ArrayBuffer> });
      if (!answer.ok) throw new BlobError(`upload refused: ${answer.status}`);
    }
    return outcome.reference(digest, content.length);
  }

  async #obtain(name: string): Promise<Uint8Array> {
    const answer = await this.#again(`/api/blobs/${name}`);
    if (!answer.ok) throw new BlobError(`download refused: ${answer.status}`);
    const content = await bounded(answer);
    if (bytesToHex(sha256(content)) !== name) {
      throw new BlobError("the coordinator sent other bytes than asked for", "artifact_mismatch");
    }
    this.#remember(name, content);
    return content;
  }

  #remember(name: string, content: Uint8Array): void {
    if (this.#recent.delete(name)) this.#bytes -= content.length;
    this.#recent.set(name, content);
    this.#bytes += content.length;
    for (const [oldest, bytes] of this.#recent) {
      if (this.#bytes <= this.memoryBytes || oldest === name) break;
      this.#recent.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }

  /** Repeats what a busy or restarting coordinator may answer better in a moment. */
  async #again(path: string, init?: RequestInit): Promise<Response> {
    const backoff = new Backoff(() => this.store.random());
    for (;;) {
      const answer = await this.store.ask(path, init).catch(() => undefined);
      const last = backoff.attempts >= ATTEMPTS - 1;
      if (answer !== undefined && (last || !AGAIN.has(answer.status))) return answer;
      if (last) throw new BlobError("the coordinator does not answer");
      await answer?.body?.cancel();
      await this.store.wait(backoff.nextS());
    }
  }
}

/** Reads at most MAX_BLOB_BYTES, whatever the server announces. */
async function bounded(answer: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    parts.push(part);
    length += part.length;
    if (length > MAX_BLOB_BYTES) throw new BlobError("a blob above the size limit", "artifact_too_large");
  }
  const content = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    content.set(part, at);
    at += part.length;
  }
  return content;
}
