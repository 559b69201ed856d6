// The arguments of many tasks, one behind the other in one buffer: a million of them must not be a million objects.

import { Packer } from "../../../values/encode";
import { showCall } from "../../../values/show";
import type { Plain } from "../../../values/value";
import { InputError } from "./problem";

export const MAX_TASKS = 1_000_000;
export const MAX_BYTES = 256 << 20;
const SHOWN = 5;
const SHOWN_CHARS = 120;

/** How many arguments a task has that has more, or fewer, than all others. */
export interface Width {
  readonly count: number;
  readonly line: number;
}

export class Tasks {
  readonly #packer = new Packer();
  readonly #ends: number[] = [];
  readonly #first: string[] = [];
  #fewest: Width | undefined;
  #most: Width | undefined;
  /** Of the columns, where there are some. */
  names: readonly string[] | undefined;

  constructor(private readonly maxTasks = MAX_TASKS) {}

  get count(): number {
    return this.#ends.length;
  }

  get bytes(): number {
    return this.#packer.length;
  }

  get fewest(): Width | undefined {
    return this.#fewest;
  }

  get most(): Width | undefined {
    return this.#most;
  }

  /** The first calls, each without its name: `(3, "x")`. */
  get first(): readonly string[] {
    return this.#first;
  }

  /** Throws InputError and BadValue. */
  add(values: readonly Plain[], line: number): void {
    this.#packer.list(values.length);
    try {
      for (const value of values) this.#packer.value(value, 1);
    } catch (error) {
      throw new InputError("value", line, (error as Error).message);
    }
    if (this.#first.length < SHOWN) this.#first.push(showCall("", values, SHOWN_CHARS));
    this.#added(values.length, line);
  }

  addText(text: string, line: number): void {
    this.#packer.raw(new TextEncoder().encode(text));
    if (this.#first.length < SHOWN) this.#first.push(text.slice(0, SHOWN_CHARS));
    this.#added(1, line);
  }

  /** All of them, for a fingerprint. */
  whole(): Uint8Array<ArrayBuffer> {
    return this.#packer.view();
  }

  payload(place: number): Uint8Array<ArrayBuffer> {
    return this.#packer.bytes(this.#ends[place - 1] ?? 0, this.#ends[place]);
  }

  #added(count: number, line: number): void {
    this.#ends.push(this.#packer.length);
    if (count < (this.#fewest?.count ?? Number.POSITIVE_INFINITY)) this.#fewest = { count, line };
    if (count > (this.#most?.count ?? -1)) this.#most = { count, line };
    if (this.#ends.length > this.maxTasks) throw new InputError("too_many", line);
    if (this.#packer.length > MAX_BYTES) throw new InputError("too_large", line);
  }
}
