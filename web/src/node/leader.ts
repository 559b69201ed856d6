// One working tab per device: whoever holds the lock works, and a tab that asks for it by name takes it away. Where the
// browser has no locks (pages without TLS) every tab may work, and the coordinator replaces the older one.

const NAME = "we1web-node";

export class Leader {
  #release: (() => void) | undefined;

  constructor(private readonly locks: LockManager | undefined) {}

  /** Whether another tab works. */
  async taken(): Promise<boolean> {
    const held = (await this.locks?.query())?.held ?? [];
    return this.#release === undefined && held.some(({ name }) => name === NAME);
  }

  /** Whether this tab is the one now; `lost` is called when another one took over. With `steal`, it always is. */
  async claim(steal: boolean, lost: () => void): Promise<boolean> {
    if (this.locks === undefined || this.#release !== undefined) return true;
    const options: LockOptions = steal ? { steal: true } : { ifAvailable: true };
    return await new Promise<boolean>((answer) => {
      const held = this.locks?.request(NAME, options, (lock) => {
        answer(lock !== null);
        return lock === null ? undefined : new Promise<void>((release) => (this.#release = release));
      });
      held?.catch(() => {
        this.#release = undefined;
        answer(false);
        lost();
      });
    });
  }

  release(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
