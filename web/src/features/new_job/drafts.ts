// Keeps the draft of this tab, files included, for a reload that nobody meant. In IndexedDB, because files are no text;
// a browser that does not keep anything costs the draft and nothing else.

import type { Draft } from "./draft";

const DATABASE = "we1web.drafts";
const STORE = "drafts";
const TAB_KEY = "we1web.draft";
const MAX_AGE_MS = 2 * 86_400_000;

interface Kept {
  readonly tab: string;
  readonly account: string;
  readonly at: number;
  readonly draft: Draft;
}

export class Drafts {
  readonly #tab = tabName();

  constructor(private readonly account: string) {}

  async load(): Promise<Draft | undefined> {
    try {
      await this.#forgetOld();
      const kept = await this.#do<Kept | undefined>("readonly", (store) => store.get(this.#tab));
      return kept?.account === this.account ? kept.draft : undefined;
    } catch {
      return undefined;
    }
  }

  async keep(draft: Draft): Promise<void> {
    const kept: Kept = { tab: this.#tab, account: this.account, at: Date.now(), draft };
    await this.#do("readwrite", (store) => store.put(kept)).catch(() => undefined);
  }

  async forget(): Promise<void> {
    await this.#do("readwrite", (store) => store.delete(this.#tab)).catch(() => undefined);
  }

  /** Those of tabs that were closed. */
  async #forgetOld(): Promise<void> {
    const all = await this.#do<Kept[]>("readonly", (store) => store.getAll());
    const old = all.filter(({ at }) => at < Date.now() - MAX_AGE_MS);
    for (const { tab } of old) await this.#do("readwrite", (store) => store.delete(tab));
  }

  async #do<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<T> {
    const database = await open();
    try {
      return await settled<T>(act(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "tab" });
  return settled<IDBDatabase>(request);
}

function settled<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });
}

function tabName(): string {
  try {
    const name = sessionStorage.getItem(TAB_KEY) ?? freshNonce();
    sessionStorage.setItem(TAB_KEY, name);
    return name;
  } catch {
    return freshNonce();
  }
}

export function freshNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
