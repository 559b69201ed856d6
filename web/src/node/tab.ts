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
  /** ISO 3166-1 alpha-2, as its owner says; empty: not told. */
  readonly country: string;
}

/** What a tab's node needs of the app. */
export interface Deps {
  readonly origin: string;
  /** Of the account that is logged in. */
  readonly account: string;
  /** A token that is good now; rejects when nobody is logged in. */
  token(): Promise<string>;
}

const MAX_LOG = 200;
const TOKEN_LOOK_MS = 30_000;
const NEXT_TRY_MS = 10_000;
/** What a worker has to give everything back in. */
const GOODBYE_MS = 1_000;
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
  /** Ends with everything that `#close` ends; what still waits for something then, sees that it is late. */
  #life = 0;

  constructor(private readonly deps: Deps) {
    this.#settings = new Settings(localStorage, deps.account);
    this.#view = nothing(this.#settings);
    void this.#leader.taken().then((taken) => {
      if (taken && this.#view.state === "idle") this.#elsewhere();
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
    this.#settings.paused = true;
    this.#tell({ tell: "pause", paused: true });
  }

  resume(): void {
    this.#settings.paused = false;
    this.#tell({ tell: "pause", paused: false });
  }

  /** A pause that is not remembered: while something else needs the cores. */
  rest(resting: boolean): void {
    this.#tell({ tell: "pause", paused: resting || this.#settings.paused });
  }

  /** Finishes what runs, gives back the rest, and ends. */
  stop(): void {
    this.#settings.started = false;
    this.#settings.paused = false;
    if (this.#worker === undefined || this.#view.state === "starting") this.#ended(undefined);
    else this.#tell({ tell: "stop" });
  }

  /** Its account has gone: gives everything back and ends at once. That it was started stays known. */
  leave(): void {
    this.#abandon();
    this.#show(nothing(this.#settings));
  }

  setRules(rules: Rules): void {
    this.#settings.rules = rules;
    this.#show({ rules });
    this.#tell({ tell: "rules", rules });
  }

  setCountry(country: string): void {
    this.#settings.country = country;
    this.#show({ country });
    this.#tell({ tell: "country", country });
  }

  async #start(steal: boolean): Promise<void> {
    if (this.#underWay) return;
    if (typeof WebAssembly === "undefined" || typeof Worker === "undefined") return this.#failed(NOT_HERE);
    this.#startedAt = performance.now();
    this.#show({ ...nothing(this.#settings), state: "starting", log: this.#view.log });
    const life = this.#life;
    try {
      const token = await this.#token(life);
      if (life === this.#life) this.#show({ state: "starting" });
      const claimed = await this.#leader.claim(steal, () => this.#lost());
      if (life !== this.#life) return this.#tooLate();
      if (!claimed) return this.#elsewhere();
      this.#settings.started = true;
      await this.#open(token, life);
    } catch (error) {
      if (life !== this.#life) return;
      this.#close();
      this.#failed(cannotStart(error));
    }
  }

  /** A coordinator that is away is waited for, as the worker does later. */
  async #token(life: number): Promise<string> {
    for (;;) {
      try {
        return await this.deps.token();
      } catch (error) {
        if (life !== this.#life || !(error as { retryable?: boolean }).retryable) throw error;
        this.#show({ state: "connecting" });
        await nextTry();
      }
    }
  }

  /** It was stopped while it waited for its turn. */
  #tooLate(): void {
    if (!this.#underWay) this.#leader.release();
  }

  get #underWay(): boolean {
    return this.#worker !== undefined || ["starting", "connecting"].includes(this.#view.state);
  }

  async #open(token: string, life: number): Promise<void> {
    const { frame, port: sandbox } = await openSandbox(this.deps.origin);
    if (life !== this.#life) return frame.remove();
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
      paused: this.#settings.paused,
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
    if (message.told === "status") this.#status(message.status);
    else if (message.told === "log") this.#log(message.line);
    else if (message.told === "token") void this.#renew();
    else this.#ended(message.problem);
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
    if (problem === undefined) {
      this.#show({ state: "idle", reason: undefined, running: [], cores: 0 });
      this.#log({ at: Date.now(), kind: "info", code: "stopped", values: {} });
    } else {
      this.#failed(problem);
    }
  }

  /** Another tab took over: it has the node's id, and what this one holds is given back. */
  #lost(): void {
    this.#abandon();
    this.#elsewhere();
  }

  /** Until the other tab is closed: then this one goes on where that one was. */
  #elsewhere(): void {
    this.#show({ state: "elsewhere", reason: "elsewhere", running: [], cores: 0 });
    void this.#leader
      .inherit(() => this.#lost())
      .then((alone) => {
        if (!alone || this.#view.state !== "elsewhere") return;
        this.#show({ state: "idle", reason: undefined });
        if (this.#settings.started) this.start();
        else this.#leader.release();
      });
  }

  /** Everything goes back, and nothing that the worker still says is heard. */
  #abandon(): void {
    this.#tell({ tell: "leave" });
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker !== undefined) {
      worker.onmessage = null;
      setTimeout(() => worker.terminate(), GOODBYE_MS);
    }
    this.#close();
  }

  #failed(problem: Problem): void {
    this.#show({ state: "failed", problem, running: [], cores: 0 });
  }

  #close(): void {
    this.#life += 1;
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

/** Until the network comes back, or a while. */
function nextTry(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, NEXT_TRY_MS);
    addEventListener("online", () => resolve(), { once: true });
  });
}

function cannotStart(error: unknown): Problem {
  const { code, message, hint } = (error instanceof Error ? error : { message: String(error) }) as Partial<Problem>;
  return {
    code: code ?? "cannot_start",
    message: message ?? "",
    hint: hint || "reload the page, then press Start",
  };
}

function nothing({ rules, node, country }: Settings): TabView {
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
    country,
  };
}
