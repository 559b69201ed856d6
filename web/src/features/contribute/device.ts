import type { TabNode, TabState, TabView } from "../../node/tab";
import { type Work, worksOf } from "./works";

/** What the pages show of this device's node: its own view, without the flicker of short tasks. */
export interface Device<N = TabNode> {
  readonly node: N;
  readonly view: TabView;
  readonly state: TabState;
  readonly works: readonly Work[];
  /** When this was true: milliseconds since 1970. */
  readonly at: number;
}

/** Neither: nobody is logged in, or the node is still being loaded; an error: it could not be. */
export interface Kept<N = TabNode> {
  readonly device: Device<N> | undefined;
  readonly error: unknown;
}

type Node = Pick<TabNode, "view" | "subscribe" | "wasStarted" | "start" | "leave">;

export interface Deps<N> {
  /** Who is logged in. */
  account(): string | undefined;
  onAccount(listener: () => void): void;
  open(account: string): Promise<N>;
  now(): number;
  /** Calls back soon, not more often than a person can read. */
  soon(act: () => void): void;
}

const NOTHING: Kept<never> = { device: undefined, error: undefined };

/**
 * The one node of a page load, of whoever is logged in. It must never start what its owner did not start, and never
 * outlive the account it works for.
 */
export class Keeper<N extends Node> {
  #kept: Kept<N> = NOTHING;
  #account: string | undefined;
  #forget: () => void = () => {};
  #begun = false;
  #due = false;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly deps: Deps<N>) {}

  current = (): Kept<N> => this.#kept;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (!this.#begun) {
      this.#begun = true;
      this.deps.onAccount(() => void this.#follow());
      void this.#follow();
    }
    return () => this.#listeners.delete(listener);
  };

  /** Once more, after it could not be loaded. */
  retry(): void {
    this.#account = undefined;
    void this.#follow();
  }

  async #follow(): Promise<void> {
    const account = this.deps.account();
    if (account === this.#account) return;
    this.#account = account;
    this.#forget();
    this.#forget = () => {};
    this.#show(NOTHING);
    if (account === undefined) return;
    try {
      const node = await this.deps.open(account);
      if (account === this.#account) this.#keep(node);
    } catch (error) {
      if (account === this.#account) this.#show({ device: undefined, error });
    }
  }

  #keep(node: N): void {
    const unsubscribe = node.subscribe(() => this.#changed(node));
    this.#forget = () => {
      unsubscribe();
      node.leave();
    };
    this.#look(node);
    if (node.wasStarted) node.start();
  }

  /** At once, then not again for a while: a busy node tells of hundreds of tasks a second. */
  #changed(node: N): void {
    if (this.#due) return;
    this.#due = true;
    this.#look(node);
    this.deps.soon(() => {
      this.#due = false;
      if (this.#kept.device?.node === node) this.#look(node);
    });
  }

  #look(node: N): void {
    const view = node.view();
    const at = this.deps.now();
    const works = ["working", "waiting"].includes(view.state)
      ? worksOf(this.#kept.device?.works ?? [], view.running, at)
      : worksOf([], view.running, at);
    const state = view.state === "waiting" && works.length > 0 ? "working" : view.state;
    this.#show({ device: { node, view, state, works, at }, error: undefined });
  }

  #show(kept: Kept<N>): void {
    this.#kept = kept;
    for (const listener of this.#listeners) listener();
  }
}
