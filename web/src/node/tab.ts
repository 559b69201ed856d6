// The page's hand on its node: opens the sandbox and the worker, keeps one working tab a device, and gives whoever watches
// one immutable view of it all. No framework in here. It must never start anything that its owner did not start.

import type { FromWorker, LogLine, Problem, Setup, Status, ToWorker } from "./between";
import type { Reason, Rules } from "./budget";
import { openSandbox } from "./frame";
import { Leader } from "./leader";
import { deviceName, platform } from "./platform";
import { sense } from "./senses";
import { Settings } from "./settings";
import { PYTHON_MANIFEST } from "./shipped";

export type { LogLine, Problem, RunningTask } from "./between";
export type { Reason, Rules } from "./budget";

export type TabState = "idle" | Status["state"] | "elsewhere" | "failed";

export interface TabView extends Omit<Status, "state"> {
  readonly state: TabState;
  readonly reason: Reason | undefined;
  readonly problem: Problem | undefined;
  readonly deviceCores: number;
  /** Milliseconds from Start to the first task that was verified and paid. */
  readonly firstPaidAfterMs: number | undefined;
  /** Newest last. */
  readonly log: readonly LogLine[];
  readonly rules: Rules;
}

/** What a tab's node needs of the app. */
export interface Deps {
  readonly origin: string;
  /** Of the account that is logged in. */
  readonly account: string;
  /** A token that is good now; rejects when nobody is logged in. */
  token(): Promise<string>;
}

export interface Measurement {
  /** Million operations a second of one core. */
  readonly speed: number;
}

const MAX_LOG = 200;
const TOKEN_LOOK_MS = 30_000;
const NOT_HERE: Problem = {
  code: "browser_unfit",
  message: "this browser has no WebAssembly or no workers",
  hint: "use a current Chrome, Edge, Firefox or Safari",
};

export class TabNode {
  readonly #listeners = new Set<() => void>();
  readonly #leader = new Leader(navigator.locks);
  readonly #settings: Settings;
  #view: TabView;
  #worker: Worker | undefined;
  #frame: HTMLIFrameElement | undefined;
  #ends: (() => void)[] = [];
  #startedAt = 0;
  #measuring: { progress(share: number): void; done(speed: number): void } | undefined;

  constructor(private readonly deps: Deps) {
    this.#settings = new Settings(localStorage, deps.account);
    this.#view = nothing(this.#settings);
    void this.#leader.taken().then((taken) => {
      if (taken && this.#view.state === "idle") this.#show({ state: "elsewhere", reason: "elsewhere" });
    });
  }

  view = (): TabView => this.#view;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Whether its owner had started it when the page was last open. */
  get wasStarted(): boolean {
    return this.#settings.started;
  }

  start(): void {
    void this.#start(false);
  }

  /** This tab works from now on, and no other. */
  takeOver(): void {
    void this.#start(true);
  }

  pause(): void {
    this.#tell({ tell: "pause", paused: true });
  }

  resume(): void {
    this.#tell({ tell: "pause", paused: false });
  }

  /** Finishes what runs, gives back the rest, and ends. */
  stop(): void {
    this.#settings.started = false;
    this.#tell({ tell: "stop" });
  }

  setRules(rules: Rules): void {
    this.#settings.rules = rules;
    this.#show({ rules });
    this.#tell({ tell: "rules", rules });
  }

  /** Needs a started node. Rejects when `signal` aborts. */
  measure(seconds: number, onProgress: (share: number) => void, signal: AbortSignal): Promise<Measurement> {
    return new Promise((resolve, reject) => {
      this.#measuring = { progress: onProgress, done: (speed) => resolve({ speed }) };
      signal.addEventListener("abort", () => {
        this.#measuring = undefined;
        this.#tell({ tell: "stop_measuring" });
        reject(signal.reason);
      });
      this.#tell({ tell: "measure", seconds });
    });
  }

  async #start(steal: boolean): Promise<void> {
    if (this.#worker !== undefined) return;
    if (typeof WebAssembly === "undefined" || typeof Worker === "undefined") return this.#failed(NOT_HERE);
    this.#startedAt = performance.now();
    this.#show({ ...nothing(this.#settings), state: "starting", log: this.#view.log });
    try {
      const token = await this.deps.token();
      if (!(await this.#leader.claim(steal, () => this.#lost()))) {
        return this.#show({ state: "elsewhere", reason: "elsewhere" });
      }
      this.#settings.started = true;
      await this.#open(token);
    } catch (error) {
      this.#close();
      this.#failed({
        code: "cannot_start",
        message: error instanceof Error ? error.message : String(error),
        hint: "log in again, then press Start",
      });
    }
  }

  async #open(token: string): Promise<void> {
    const { frame, port: sandbox } = await openSandbox(this.deps.origin);
    this.#frame = frame;
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#heard(data);
    worker.onerror = (event) => {
      this.#close();
      this.#failed({ code: "node_error", message: event.message || "the node stopped", hint: "reload the page" });
    };
    worker.postMessage({ tell: "begin", setup: this.#setup(token), sandbox } satisfies ToWorker, [sandbox]);
    this.#watchPage();
  }

  #setup(token: string): Setup {
    return {
      origin: this.deps.origin,
      token,
      node: this.#settings.node,
      name: deviceName(),
      platform: platform(),
      memoryBytes: ((navigator as { deviceMemory?: number }).deviceMemory ?? 4) * 2 ** 30,
      country: this.#settings.country,
      deviceCores: navigator.hardwareConcurrency,
      rules: this.#settings.rules,
      manifest: PYTHON_MANIFEST,
    };
  }

  #watchPage(): void {
    const end = new AbortController();
    const on = (target: EventTarget, kind: string, act: () => void) =>
      target.addEventListener(kind, act, { signal: end.signal });
    on(window, "pagehide", () => this.#tell({ tell: "leave" }));
    on(document, "freeze", () => this.#tell({ tell: "freeze" }));
    on(document, "resume", () => this.#tell({ tell: "hurry" }));
    on(window, "online", () => this.#tell({ tell: "hurry" }));
    const renewing = setInterval(() => void this.#renew(), TOKEN_LOOK_MS);
    this.#ends = [
      () => end.abort(),
      () => clearInterval(renewing),
      sense(window, (senses) => this.#tell({ tell: "senses", senses })),
    ];
  }

  async #renew(): Promise<void> {
    const token = await this.deps.token().catch(() => "");
    this.#tell({ tell: "token", token });
  }

  #heard(message: FromWorker): void {
    switch (message.told) {
      case "status":
        return this.#status(message.status);
      case "log":
        return this.#log(message.line);
      case "token":
        return void this.#renew();
      case "measured":
        if (message.speed === undefined) this.#measuring?.progress(message.share);
        else this.#measuring?.done(message.speed);
        return;
      case "ended":
        return this.#ended(message.problem);
    }
  }

  #status(status: Status): void {
    if (status.node !== "") this.#settings.node = status.node;
    const first = this.#view.firstPaidAfterMs ?? (status.paid > 0 ? performance.now() - this.#startedAt : undefined);
    this.#show({ ...status, firstPaidAfterMs: first });
  }

  #log(line: LogLine): void {
    this.#show({ log: [...this.#view.log, line].slice(-MAX_LOG) });
  }

  #ended(problem: Problem | undefined): void {
    this.#close();
    if (problem !== undefined) return this.#failed(problem);
    this.#show({ state: "idle", reason: undefined, running: [], cores: 0 });
    this.#log({ at: Date.now(), kind: "info", code: "stopped", values: {} });
  }

  /** Another tab took over: it has the node's id, and what this one holds is given back. */
  #lost(): void {
    this.#tell({ tell: "leave" });
    const worker = this.#worker;
    this.#worker = undefined;
    setTimeout(() => worker?.terminate(), 1_000);
    this.#close();
    this.#show({ state: "elsewhere", reason: "elsewhere", running: [], cores: 0 });
  }

  #failed(problem: Problem): void {
    this.#show({ state: "failed", problem, running: [], cores: 0 });
  }

  #close(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#frame?.remove();
    this.#frame = undefined;
    this.#leader.release();
  }

  #tell(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #show(change: Partial<TabView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function nothing({ rules, node }: Settings): TabView {
  return {
    state: "idle",
    reason: undefined,
    problem: undefined,
    node,
    name: "",
    cores: 0,
    deviceCores: navigator.hardwareConcurrency,
    running: [],
    executed: 0,
    paid: 0,
    rejected: 0,
    earnedMicros: 0,
    progress: undefined,
    runtimes: [],
    firstPaidAfterMs: undefined,
    log: [],
    rules,
  };
}
