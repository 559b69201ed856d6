// The dedicated worker of a browser node: starts the runtimes in the sandbox that the page opened, then serves. Work and
// clocks are here, because a hidden page has neither.

import speedWorker from "../sandbox/speed_worker.ts?classic";
import type { FromWorker, LogLine, Setup, Status, ToWorker } from "./between";
import type { Runtime } from "./runtime";
import { digestOf, Files } from "./runtime_files";
import { PythonRuntime } from "./runtimes/python";
import { WasmRuntime } from "./runtimes/wasm";
import { Sandbox } from "./sandbox";
import { problemOf, Service } from "./service";
import { Speedometer } from "./speedometer";

const SPEED_SCRIPT = "speed worker";
let service: Service | undefined;
/** What was told before the service was there. */
const early: ToWorker[] = [];

function tell(message: FromWorker): void {
  postMessage(message);
}

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.tell === "begin") void begin(data.setup, data.sandbox);
  else if (service === undefined) early.push(data);
  else pass(service, data);
});

function pass(to: Service, message: ToWorker): void {
  if (message.tell === "token") to.token = message.token;
  else if (message.tell === "rules") to.rules = message.rules;
  else if (message.tell === "country") to.country = message.country;
  else if (message.tell === "senses") to.senses = message.senses;
  else if (message.tell === "pause") to.paused = message.paused;
  else if (message.tell === "hurry") to.hurry();
  else if (message.tell === "stop") to.stop();
  else if (message.tell === "freeze") to.release(false, "frozen");
  else if (message.tell === "leave") to.release(true, "tab_closed");
}

async function begin(setup: Setup, port: MessagePort): Promise<void> {
  const sandbox = new Sandbox(port, (seconds, act) => {
    const timer = setTimeout(act, seconds * 1_000);
    return () => clearTimeout(timer);
  });
  try {
    await sandbox.keep(SPEED_SCRIPT, "script", new TextEncoder().encode(speedWorker));
    const speed = await new Speedometer(() => sandbox.start(SPEED_SCRIPT, [])).glance();
    const runtimes = await started(setup, sandbox);
    const around = { runtimes, tell, hour: () => new Date().getHours(), wall: Date.now };
    service = new Service(setup, around, speed);
    for (const message of early.splice(0)) pass(service, message);
    await service.run();
  } catch (error) {
    tell({ told: "ended", problem: problemOf(error) });
  } finally {
    sandbox.close();
  }
}

/** Every runtime that works on this device. Throws when none does. */
async function started(setup: Setup, sandbox: Sandbox): Promise<Runtime[]> {
  const progress = (done: number, total: number) => tell({ told: "status", status: starting(setup, done, total) });
  const shop = { fetch: (path: string) => fetch(setup.origin + path), caches: globalThis.caches, digest: digestOf };
  const files = new Files(setup.manifest, shop, progress);
  const cores = Math.max(1, setup.rules.cores);
  const offered: Runtime[] = [new WasmRuntime(sandbox, cores), new PythonRuntime(sandbox, cores, files)];
  const tried = await Promise.allSettled(offered.map((runtime) => runtime.start()));
  const working = offered.filter((_, place) => tried[place]?.status === "fulfilled");
  const failure = tried.find((each) => each.status === "rejected");
  if (failure !== undefined) {
    if (working.length === 0) throw failure.reason;
    const { code, message } = problemOf(failure.reason);
    tell({ told: "log", line: line("warning", "runtime_missing", { code, message }) });
  }
  await files.tidy();
  return working;
}

function line(kind: LogLine["kind"], code: LogLine["code"], values: LogLine["values"]): LogLine {
  return { at: Date.now(), kind, code, values };
}

function starting({ node, name }: Setup, done: number, total: number): Status {
  const nothing = { executed: 0, paid: 0, rejected: 0, earnedMicros: 0 };
  const progress = { done, total };
  return {
    state: "starting",
    reason: undefined,
    node,
    name,
    cores: 0,
    running: [],
    ...nothing,
    progress,
    runtimes: [],
  };
}
