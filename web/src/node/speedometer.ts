// How fast a core of this device is: a glance before the first registration, or a minute on all cores when the owner wants
// to know what they would earn. The score is a hint that nobody may trust; src/we1web/agent/benchmark.py says the unit.

import { OPERATIONS_PER_ROUND } from "../sandbox/kernel.gen";
import type { Process } from "./sandbox";

const GLANCE_ROUNDS = 20_000_000;
const STEP_ROUNDS = 50_000_000;
const STEP_LIMIT_S = 60;

export class Speedometer {
  constructor(private readonly start: () => Promise<Process>) {}

  /** Million operations a second of one core, the best of a few short runs. */
  async glance(): Promise<number> {
    return await this.#with(async (process) => {
      let best = 0;
      for (let run = 0; run < 3; run += 1)
        best = Math.max(best, score(GLANCE_ROUNDS, await spin(process, GLANCE_ROUNDS)));
      return best;
    });
  }

  /** The same for `seconds` with several cores at it: the mean of one core, as warm as it gets. */
  async measure(cores: number, seconds: number, onProgress: (share: number) => void): Promise<number> {
    const begun = performance.now();
    const share = () => (performance.now() - begun) / (seconds * 1_000);
    const one = () =>
      this.#with(async (process) => {
        let [rounds, ms] = [0, 0];
        while (share() < 1 || rounds === 0) {
          ms += await spin(process, STEP_ROUNDS);
          rounds += STEP_ROUNDS;
          onProgress(Math.min(1, share()));
        }
        return score(rounds, ms);
      });
    const speeds = await Promise.all(Array.from({ length: cores }, one));
    return speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length;
  }

  async #with<T>(use: (process: Process) => Promise<T>): Promise<T> {
    const process = await this.start();
    try {
      return await use(process);
    } finally {
      process.kill();
    }
  }
}

async function spin(process: Process, rounds: number): Promise<number> {
  process.ask({ task: { seed: 0n, argument: new TextEncoder().encode(String(rounds)) } });
  return Number(new TextDecoder().decode(await process.receive(64, STEP_LIMIT_S)));
}

function score(rounds: number, ms: number): number {
  return Math.round((rounds * OPERATIONS_PER_ROUND) / 100 / Math.max(ms, 0.01)) / 10;
}
