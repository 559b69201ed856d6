// One working tab per device: whoever holds the lock works, and a tab that asks for it by name takes it away. Where the
// browser has no locks (pages without TLS) every tab may work, and the coordinator replaces the older one.

const NAME = "we1web-node";

export class Leader {
  #release: (() => void) | undefined;
  #waiting = new AbortController();

  constructor(private readonly locks: LockManager | undefined) {}

  /** Whether another tab works. */
  async taken(): Promise<boolean> {
    const held = (await this.locks?.query())?.held ?? [];
    return this.#release === undefined && held.some(({ name }) => name === NAME);
  }

  /** Whether this tab is the one now; `lost` is called when another one took over. With `steal`, it always is. */
  async claim(steal: boolean, lost: () => void): Promise<boolean> {
    if (this.locks === undefined || this.#release !== undefined) return true;
    this.#waiting.abort();
    return await this.#ask(this.locks, steal ? { steal: true } : { ifAvailable: true }, lost);
  }

  /** Waits until this tab is the one because no other works; false when it claimed or released in the meantime. */
  async inherit(lost: () => void): Promise<boolean> {
    if (this.locks === undefined) return false;
    this.#waiting.abort();
    this.#waiting = new AbortController();
    return await this.#ask(this.locks, { signal: this.#waiting.signal }, lost);
  }

  release(): void {
    this.#waiting.abort();
    this.#release?.();
    this.#release = undefined;
  }

  #ask(locks: LockManager, options: LockOptions, lost: () => void): Promise<boolean> {
    return new Promise<boolean>((answer) => {
      let granted = false;
      const held = locks.request(NAME, options, (lock) => {
        granted = lock !== null;
        answer(granted);
        return granted ? new Promise<void>((release) => (this.#release = release)) : undefined;
      });
      held.catch(() => {
        answer(false);
        if (!granted) return;
        this.#release = undefined;
        lost();
      });
    });
  }
}
