/** One small value in localStorage, shared by all tabs; works (for this tab only) when storage is switched off. */
export class Stored<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly key: string,
    readonly parse: (text: string | null) => T,
    readonly storage: Storage | undefined = storageOrNone(),
  ) {
    this.#value = parse(this.storage?.getItem(key) ?? null);
    globalThis.addEventListener?.("storage", (event) => {
      if (event.key === key || event.key === null) this.#changed(parse(event.key === null ? null : event.newValue));
    });
  }

  get = (): T => this.#value;

  /** `text`: what to keep; null forgets it. */
  set(text: string | null): void {
    if (text === null) this.storage?.removeItem(this.key);
    else this.storage?.setItem(this.key, text);
    this.#changed(this.parse(text));
  }

  /** What another tab may have written a moment ago. */
  fresh(): T {
    if (this.storage) this.#changed(this.parse(this.storage.getItem(this.key)));
    return this.#value;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #changed(value: T): void {
    if (JSON.stringify(value) === JSON.stringify(this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }
}

function storageOrNone(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
