// Counts what went wrong on this device in a row, so that a broken node does not take work only to return it. Twin of
// Troubles in src/we1web/agent/pausing.py.

const TOLERATED = 3;
const FIRST_REST_S = 10;
const LONGEST_REST_S = 600;

export class Troubles {
  #inARow = 0;
  #restingUntil = 0;

  failed(now: number): void {
    this.#inARow += 1;
    const excess = this.#inARow - TOLERATED;
    if (excess >= 0) this.#restingUntil = now + Math.min(LONGEST_REST_S, FIRST_REST_S * 2 ** Math.min(excess, 16));
  }

  succeeded(): void {
    this.#inARow = 0;
  }

  failing(now: number): boolean {
    return now < this.#restingUntil;
  }
}
