// A browser node as a program: runtimes started, connection kept, budget heeded, and everything told to the page. Runs in
// a dedicated worker, whose clock goes on while the tab is hidden. It must never end without giving back what it holds.

import type { FromWorker, LogLine, Problem, RunningTask, Senses, Setup, Status, WorkerState } from "./between";
import { Blobs } from "./blobs";
import { judge, type Reason, type Rules, START, type Verdict } from "./budget";
import { ProtocolError } from "./codec";
import type { Effect } from "./effects";
import { Link, Refused, WORLD } from "./link";
import { Node, type Ran } from "./node";
import type { Runtime } from "./runtime";
import { NodeSession } from "./session";
import { Troubles } from "./troubles";

const TOKEN_CODES = new Set(["token_expired", "token_invalid", "token_revoked"]);
const TOKEN_WAIT_S = 15;
const PREFETCH_PER_CORE = 2;
const SHOWN_TASKS = 32;
/** Ticks for which a new number of cores must have stayed before the coordinator hears of it. */
const SETTLED_TICKS = 2;

/** The world around a service, all of it. */
export interface Surroundings {
  readonly runtimes: readonly Runtime[];
  tell(message: FromWorker): void;
  /** Local hour, 0 to 23. */
  hour(): number;
  /** Milliseconds since 1970. */
  wall(): number;
}

export class Service {
  readonly #session: NodeSession;
  readonly #node: Node;
  readonly #troubles = new Troubles();
  #link: Link | undefined;
  #verdict: Verdict = START;
  #senses: Senses = { onBattery: undefined, charge: undefined, userIdleS: undefined };
  #ownerPaused = false;
  #stopping = false;
  #status = "active";
  #connected = false;
  #changedTicks = 0;
  #rules: Rules;
  #name: string;
  #newToken: ((token: string) => void) | undefined;

  constructor(
    private readonly setup: Setup,
    private readonly around: Surroundings,
    speed: number,
  ) {
    this.#rules = setup.rules;
    this.#ownerPaused = setup.paused;
    this.#name = setup.name;
    this.#session = new NodeSession(setup.token, offer(setup, around.runtimes, speed), "we1web-tab");
    this.#node = new Node(
      {
        session: this.#session,
        link: {
          perform: (effects) => this.#link?.perform(effects),
          resultsWait: (more) => this.#link?.resultsWait(more),
        },
        blobs: new Blobs({
          ask: (path, init) => fetch(setup.origin + path, { ...init, headers: this.#headers() }),
          random: Math.random,
          wait: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000)),
        }),
        runtimes: around.runtimes,
        now: WORLD.now,
        watch: (effect) => this.#watch(effect),
        ran: (ran) => this.#ran(ran),
      },
      0,
    );
  }

  /** Until it was stopped, or refused for good. */
  async run(): Promise<void> {
    const ticking = setInterval(() => {
      this.tick();
      this.#offerCores();
    }, 1_000);
    this.tick();
    try {
      let problem = await this.#connection();
      while (problem !== undefined && TOKEN_CODES.has(problem.code) && (await this.#renewed())) {
        problem = await this.#connection();
      }
      this.around.tell({ told: "ended", problem });
    } finally {
      clearInterval(ticking);
    }
  }

  tick(): void {
    const now = WORLD.now();
    const before = this.#verdict;
    this.#verdict = judge(before, now, this.#rules, {
      status: this.#ownerPaused ? "paused" : this.#status,
      draining: this.#stopping,
      failing: this.#troubles.failing(now),
      elsewhere: false,
      hour: this.around.hour(),
      ...this.#senses,
    });
    const { cores, reason } = this.#verdict;
    if (reason !== before.reason) {
      if (reason !== undefined) this.#resting(reason);
      else if (before.reason !== undefined) this.#log("info", "resumed");
    }
    this.#node.allow(cores, reason ?? "");
    if (this.#connected && this.#session.state === "offline") {
      this.#connected = false;
      this.#log("warning", "disconnected");
    }
    this.show();
  }

  /** The coordinator knows a node by what it registered with: other cores take a new connection, which leases survive. */
  #offerCores(): void {
    const cores = Math.max(1, this.#rules.cores);
    if (cores === this.#session.offer.cores) this.#changedTicks = 0;
    else this.#changedTicks += 1;
    if (this.#changedTicks < SETTLED_TICKS) return;
    this.#session.offer = { ...this.#session.offer, cores, window: windowOf(cores) };
    this.#link?.renew();
  }

  /** What has not begun goes to somebody who can begin it now. */
  #resting(reason: Reason): void {
    this.#log("info", "paused", { reason });
    this.#node.release(false, reason);
  }

  set token(token: string) {
    this.#session.token = token;
    this.#newToken?.(token);
  }

  set rules(rules: Rules) {
    this.#rules = rules;
    this.tick();
  }

  set country(country: string) {
    this.#session.offer = { ...this.#session.offer, country };
    this.#link?.renew();
  }

  set senses(senses: Senses) {
    this.#senses = senses;
    this.tick();
  }

  set paused(paused: boolean) {
    this.#ownerPaused = paused;
    this.tick();
  }

  hurry(): void {
    this.#link?.hurry();
  }

  stop(): void {
    this.#stopping = true;
    this.#node.release(false, "draining");
    this.#link?.perform(this.#session.drain("the owner stopped it"));
    this.tick();
  }

  /** Gives back: what has not started, or with `all` everything; then, with `all`, leaves. */
  release(all: boolean, code: string): void {
    this.#node.release(all, code);
    if (all) this.#link?.perform(this.#session.drain(code));
  }

  show(): void {
    this.around.tell({ told: "status", status: this.#view() });
  }

  #headers(): HeadersInit {
    return { Authorization: `Bearer ${this.#session.token}` };
  }

  /** One life of the link: undefined when the session was drained. */
  async #connection(): Promise<Problem | undefined> {
    this.#link = new Link(`${this.setup.origin.replace(/^http/, "ws")}/ws`, this.#session, (effect) =>
      this.#node.handle(effect),
    );
    try {
      await this.#link.run();
      return undefined;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code, message, hint } = error;
      this.#log("error", "problem", { code, message });
      return { code, message, hint };
    } finally {
      this.#connected = false;
    }
  }

  /** Whether the page had another token than the one that was refused. */
  async #renewed(): Promise<boolean> {
    const refused = this.#session.token;
    const answer = new Promise<string>((resolve) => {
      this.#newToken = resolve;
      setTimeout(() => resolve(refused), TOKEN_WAIT_S * 1_000);
    });
    this.around.tell({ told: "token" });
    this.#session.token = await answer;
    this.#newToken = undefined;
    return this.#session.token !== refused && this.#session.token !== "";
  }

  #watch(effect: Effect): void {
    if (effect.effect === "Ready") this.#ready(effect.name, effect.status);
    else if (effect.effect === "Judged") this.#judged(effect.completed);
    else if (effect.effect === "Problem" && !effect.fatal) {
      this.#log("warning", "problem", { code: effect.code, message: effect.message });
    }
    this.show();
  }

  #ready(name: string, status: string): void {
    this.#name = name;
    this.#status = status;
    if (!this.#connected) this.#log("info", "connected");
    this.#connected = true;
  }

  #judged({ paid, rejected, earned_micros: micros }: { paid: number; rejected: number; earned_micros: number }): void {
    if (paid > 0) this.#log("earned", "earned", { tasks: paid, micros });
    if (rejected > 0) this.#log("warning", "rejected", { tasks: rejected });
  }

  #ran(ran: Ran): void {
    if ("tasks" in ran) {
      this.#troubles.succeeded();
    } else {
      this.#troubles.failed(WORLD.now());
      this.#log("warning", "returned", { code: ran.code, message: ran.message });
    }
    this.show();
  }

  #log(kind: LogLine["kind"], code: LogLine["code"], values: LogLine["values"] = {}): void {
    this.around.tell({ told: "log", line: { at: this.around.wall(), kind, code, values } });
  }

  #view(): Status {
    const running = this.#node.running;
    return {
      state: this.#state(running.length),
      reason: this.#verdict.reason,
      node: this.#session.offer.node,
      name: this.#name,
      cores: this.#verdict.cores,
      running: running.slice(0, SHOWN_TASKS).map((each): RunningTask => {
        const { lease, job, startedAt } = each;
        return {
          bundle: lease.bundle,
          tasks: lease.arguments.length,
          requester: job.requester,
          job: job.name,
          purpose: job.purpose,
          runtime: job.runtime,
          startedAt: this.around.wall() - (WORLD.now() - startedAt) * 1_000,
        };
      }),
      ...this.#node.totals,
      progress: undefined,
      runtimes: this.around.runtimes.map(({ id }) => id),
    };
  }

  #state(running: number): WorkerState {
    if (this.#stopping) return "stopping";
    if (this.#session.state !== "working") return "connecting";
    if (running > 0) return "working";
    return this.#verdict.reason === undefined ? "waiting" : "paused";
  }
}

function windowOf(cores: number): number {
  return cores * (1 + PREFETCH_PER_CORE) + 1;
}

function offer(
  setup: Setup,
  runtimes: readonly Runtime[],
  speed: number,
): ConstructorParameters<typeof NodeSession>[1] {
  const cores = Math.max(1, setup.rules.cores);
  return {
    tag: "node:register",
    node: setup.node,
    name: setup.name,
    cores,
    memory_bytes: setup.memoryBytes,
    runtimes: runtimes.map(({ id }) => id),
    speed,
    window: windowOf(cores),
    platform: setup.platform,
    resume: [],
    gpu: "",
    country: setup.country,
    floor_micros_per_h: 0,
    cached: [],
    referee: "",
  };
}

/** What a page can show of any error. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProtocolError) return { code: error.code, message: error.message, hint: error.hint };
  return {
    code: "node_error",
    message: error instanceof Error ? error.message : String(error),
    hint: "reload the page",
  };
}
