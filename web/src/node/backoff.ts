// How long to wait before the next attempt: twice as long each time, up to a limit, and never two nodes alike.

const FIRST_S = 0.25;
const LONGEST_S = 30;

export class Backoff {
  attempts = 0;

  /** `random` gives numbers from 0 to 1. */
  constructor(private readonly random: () => number) {}

  nextS(): number {
    const most = Math.min(LONGEST_S, FIRST_S * 2 ** Math.min(this.attempts, 16));
    this.attempts += 1;
    return most * (0.5 + this.random() / 2);
  }

  reset(): void {
    this.attempts = 0;
  }
}
