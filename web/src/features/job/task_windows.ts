/** What the coordinator answers for one part of a job's tasks. */
export interface Part<T> {
  readonly items: readonly T[];
  /** The place to go on from; null: these were the last. */
  readonly next: number | null;
}

export type Fetch<T> = (from: number, limit: number, signal: AbortSignal) => Promise<Part<T>>;

const STRIDE = 1_000;

/**
 * The tasks of one state as windows of rows. The coordinator finds them from a place of the input order on, not by
 * their number among themselves: so this keeps where each window begins, and finds later ones from the last it knows.
 */
export class TaskWindows<T extends { readonly index: number }> {
  readonly #fetch: Fetch<T>;
  readonly #size: number;
  /** The place from which window 0, 1, … is read. */
  #starts: number[] = [0];

  readonly #onEnd: (rows: number) => void;

  /** `onEnd` hears how many rows there are as soon as the last was seen. */
  constructor(fetch: Fetch<T>, size: number, onEnd: (rows: number) => void = () => undefined) {
    this.#fetch = fetch;
    this.#size = size;
    this.#onEnd = onEnd;
  }

  /** Rows `from` to `from + size`; fewer at the end. */
  async rows(from: number, signal: AbortSignal): Promise<readonly T[]> {
    const window = Math.floor(from / this.#size);
    const start = await this.#startOf(window, signal);
    if (start === undefined) return [];
    const part = await this.#fetch(start, this.#size, signal);
    if (part.next === null) this.#onEnd(window * this.#size + part.items.length);
    else this.#starts[window + 1] = part.next;
    return part.items;
  }

  async #startOf(window: number, signal: AbortSignal): Promise<number | undefined> {
    while (this.#starts.length <= window) {
      const known = this.#starts.length - 1;
      const part = await this.#fetch(this.#starts[known] ?? 0, STRIDE, signal);
      this.#starts.push(...this.#startsIn(part));
      if (part.next === null) break;
    }
    return this.#starts[window];
  }

  /** Where the windows after the one at the beginning of this part start. */
  #startsIn(part: Part<T>): number[] {
    const starts: number[] = [];
    for (let at = this.#size; at <= part.items.length; at += this.#size) {
      const next = part.items[at]?.index ?? part.next;
      if (next !== null && next !== undefined) starts.push(next);
    }
    return starts;
  }
}
