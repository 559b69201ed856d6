// The files of the Python runtime: from the cache or the coordinator, never used before their SHA-256 was compared with
// the one this app was built with. A cached file that differs is thrown away and fetched again; a fetched one that
// differs stops the runtime. Caches of other versions are removed: one version is all that a device keeps.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { RuntimeBroken } from "./runtime";

export interface Manifest {
  readonly runtime: string;
  /** File name → SHA-256 in hexadecimal. */
  readonly files: Readonly<Record<string, string>>;
}

const CACHE_PREFIX = "we1web-runtime-";

export interface Shop {
  fetch(path: string): Promise<Response>;
  /** Undefined where the browser offers none (pages without TLS). */
  readonly caches: CacheStorage | undefined;
  digest(bytes: Uint8Array): Promise<Uint8Array>;
}

export class Files {
  readonly #progress = new Map<string, { done: number; total: number }>();

  constructor(
    private readonly manifest: Manifest,
    private readonly shop: Shop,
    private readonly onProgress: (done: number, total: number) => void = () => {},
  ) {}

  get runtime(): string {
    return this.manifest.runtime;
  }

  /** Throws RuntimeBroken. */
  async fetch(name: string): Promise<Uint8Array> {
    const path = `/runtime/${this.manifest.runtime}/${name}`;
    const cache = await this.#cache();
    const cached = await cache?.match(path);
    if (cached !== undefined) {
      const bytes = new Uint8Array(await cached.arrayBuffer());
      if (await this.#genuine(name, bytes)) return bytes;
      await cache?.delete(path);
    }
    const bytes = await this.#download(name, path);
    if (!(await this.#genuine(name, bytes))) {
      throw new RuntimeBroken(`${name} is not the file that this app was built for`, "reload the page");
    }
    await cache?.put(path, new Response(bytes as Uint8Array<ArrayBuffer>)).catch(() => {}); // a full disk costs time only
    return bytes;
  }

  /** Removes what other versions left. */
  async tidy(): Promise<void> {
    const names = (await this.shop.caches?.keys().catch(() => [])) ?? [];
    const old = names.filter((name) => name.startsWith(CACHE_PREFIX) && name !== this.#name);
    await Promise.all(old.map((name) => this.shop.caches?.delete(name)));
  }

  get #name(): string {
    return CACHE_PREFIX + this.manifest.runtime;
  }

  async #cache(): Promise<Cache | undefined> {
    return await this.shop.caches?.open(this.#name).catch(() => undefined);
  }

  async #genuine(name: string, bytes: Uint8Array): Promise<boolean> {
    return bytesToHex(await this.shop.digest(bytes)) === this.manifest.files[name];
  }

  async #download(name: string, path: string): Promise<Uint8Array> {
    const answer = await this.shop.fetch(path).catch(() => undefined);
    if (answer === undefined) throw new RuntimeBroken(`${name} could not be fetched`, "is the network there?");
    if (!answer.ok || answer.body === null) {
      throw new RuntimeBroken(`the coordinator does not have ${name} (${answer.status})`, "reload the page");
    }
    return await this.#read(name, answer.body, Number(answer.headers.get("X-Uncompressed-Length") ?? 0));
  }

  async #read(name: string, body: ReadableStream<Uint8Array>, total: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let done = 0;
    const reader = body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      done += part.value.length;
      this.#progressed(name, done, Math.max(total, done));
    }
    const bytes = new Uint8Array(done);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #progressed(name: string, done: number, total: number): void {
    this.#progress.set(name, { done, total });
    let [sum, all] = [0, 0];
    for (const each of this.#progress.values()) [sum, all] = [sum + each.done, all + each.total];
    this.onProgress(sum, all);
  }
}

/** Where the browser hashes it is fast; where it does not (pages without TLS), plain code does. */
export async function digestOf(bytes: Uint8Array): Promise<Uint8Array> {
  if (globalThis.crypto?.subtle === undefined) return sha256(bytes);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
}
