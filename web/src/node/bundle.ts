// One bundle on confined workers: the conversation, the time limits, and what to do when a worker is lost. The twin of
// src/we1web/agent/bundle.py. The worker is a stranger's the moment the program is loaded: every answer is checked, and
// an answer that is late, too long or malformed costs the worker its life and the task its vote, never more.

import { bytesToHex } from "@noble/hashes/utils.js";
import { BLOB, none, wellFormed } from "./outcome";
import type { ProcessPool } from "./process_pool";
import { BUNDLE_OUTPUT_LIMIT, OUTPUT_LIMIT, RUNTIME_DIED, TIME_LIMIT, type Work } from "./runtime";
import { AnswerTooLong, type Process, ProcessDied, TooLate } from "./sandbox";
import { seedOf } from "./wasm/task";

/** An outcome is its payload and a header, or an error with a traceback. */
const SLACK_BYTES = 64 << 10;
/** All outcomes of one bundle together: they are in this tab's memory until they are reported. */
const MAX_BUNDLE_BYTES = 64 << 20;

/** The worker cannot be used again; `code` is what the task gets that was running. */
class Lost extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** The worker was gone before it said a word about the program. */
class DiedIdle extends Error {}

export class Bundle {
  readonly #outcomes: Uint8Array[] = [];
  #mayReload = true;
  #bytesLeft = MAX_BUNDLE_BYTES;

  /** `reusable`: a worker that answered a whole bundle is as good as new and goes back to the pool. */
  constructor(
    private readonly work: Work,
    private readonly pool: ProcessPool,
    private readonly reusable = false,
  ) {}

  /** One outcome per argument; fewer only when the work was aborted. Throws RuntimeBroken only. */
  async run(): Promise<Uint8Array[]> {
    while (this.#missing > 0 && !this.work.signal.aborted) await this.#oneProcess();
    return this.#outcomes;
  }

  get #missing(): number {
    return this.work.arguments.length - this.#outcomes.length;
  }

  /** Gets as far as one worker lasts: to the end, or to the task that cost its life. */
  async #oneProcess(): Promise<void> {
    const process = await this.pool.take();
    let whole = false;
    try {
      await this.#converse(process);
      whole = this.reusable;
    } catch (error) {
      if (error instanceof Lost) this.#outcomes.push(none(error.code));
      else if (!(error instanceof DiedIdle)) throw error;
    } finally {
      if (whole) this.pool.giveBack(process);
      else this.pool.discard(process);
    }
  }

  async #converse(process: Process): Promise<void> {
    const verdict = await this.#load(process);
    if (verdict.length > 0) {
      while (this.#missing > 0) this.#outcomes.push(verdict);
      return;
    }
    this.work.begun();
    for (const argument of this.work.arguments.slice(this.#outcomes.length)) {
      process.ask({ task: { seed: seedOf(this.work.programDigest, argument), argument } });
    }
    while (this.#missing > 0) this.#keep(checked(await this.#hear(process)));
  }

  /** Empty when the program is loaded, else the outcome that all of its tasks have. */
  async #load(process: Process): Promise<Uint8Array> {
    const { program, programDigest, entry, limits } = this.work;
    const { output_bytes: outputBytes, instructions } = limits;
    process.ask({ load: { program, programName: bytesToHex(programDigest), entry, outputBytes, instructions } });
    try {
      const answer = await this.#hear(process);
      return answer.length > 0 ? checked(answer) : answer;
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      if (error.code !== RUNTIME_DIED || !this.#mayReload) return none(error.code); // as it would be for every task
      this.#mayReload = false; // it may have died while it waited; a program that kills does so again
      throw new DiedIdle();
    }
  }

  /** The next answer. Throws Lost when there is none in time. */
  async #hear(process: Process): Promise<Uint8Array> {
    const { output_bytes, wall_ms } = this.work.limits;
    try {
      return await process.receive(output_bytes + SLACK_BYTES, wall_ms / 1_000, this.work.signal);
    } catch (error) {
      if (error instanceof TooLate) throw new Lost(TIME_LIMIT);
      if (error instanceof AnswerTooLong) throw new Lost(OUTPUT_LIMIT);
      if (error instanceof ProcessDied) throw new Lost(RUNTIME_DIED);
      throw error;
    }
  }

  #keep(answer: Uint8Array): void {
    this.#bytesLeft -= answer.length;
    this.#outcomes.push(this.#bytesLeft >= 0 ? answer : none(BUNDLE_OUTPUT_LIMIT));
  }
}

function checked(answer: Uint8Array): Uint8Array {
  if (!wellFormed(answer) || answer[0] === BLOB) throw new Lost(RUNTIME_DIED);
  return answer;
}
