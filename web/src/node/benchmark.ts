// How fast this device is when so many of its cores are at it for a while. It needs no node and no account, and it tells
// nobody: the answer is for the owner.

import speedWorker from "../sandbox/speed_worker.ts?classic";
import { openSandbox } from "./frame";
import { Sandbox } from "./sandbox";
import { Speedometer } from "./speedometer";

const SCRIPT = "speed worker";

/** Million operations a second of one core. Rejects when `signal` aborts, or the sandbox does not work here. */
export async function benchmark(
  cores: number,
  seconds: number,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const { frame, port } = await openSandbox(location.origin);
  const sandbox = new Sandbox(port, (after, act) => {
    const timer = setTimeout(act, after * 1_000);
    return () => clearTimeout(timer);
  });
  const measured = async () => {
    await sandbox.keep(SCRIPT, "script", new TextEncoder().encode(speedWorker));
    return await new Speedometer(() => sandbox.start(SCRIPT, [])).measure(cores, seconds, onProgress);
  };
  try {
    return await Promise.race([aborted(signal), measured()]);
  } finally {
    sandbox.close();
    frame.remove();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
