import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Stored } from "../../app/stored";
import type { TabNode } from "../../node/tab";
import type { Device } from "./device";

export interface Measured {
  /** Million operations a second of one core, with all of them at work. */
  readonly speed: number;
  readonly cores: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Measurement {
  readonly last: Measured | undefined;
  /** 0 to 1, while one goes on. */
  readonly share: number | undefined;
  readonly failed: boolean;
  start(): void;
  cancel(): void;
}

export const MEASURE_S = 60;
/** What runs is given this long to end first. */
const ROOM_MS = 10_000;

const kept = new Stored<Measured | undefined>("we1web.speed", parseMeasured);

export function parseMeasured(text: string | null): Measured | undefined {
  try {
    const found = (JSON.parse(text ?? "null") ?? {}) as Measured;
    const good = [found.speed, found.cores, found.at].every((value) => Number.isFinite(value) && value > 0);
    return good ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Measures when asked to, with the device's node at rest meanwhile; ends when the node is started or the page left. */
export function useMeasurement(device: Device | undefined): Measurement {
  const last = useSyncExternalStore(kept.subscribe, kept.get);
  const [share, setShare] = useState<number | undefined>(undefined);
  const [failed, setFailed] = useState(false);
  const running = useRef<AbortController | undefined>(undefined);
  const cancel = () => running.current?.abort();

  const started = device?.state === "starting";
  useEffect(() => {
    if (started) running.current?.abort();
    return () => running.current?.abort();
  }, [started]);

  const start = async () => {
    if (device === undefined || running.current !== undefined) return;
    const { node, view } = device;
    const end = new AbortController();
    running.current = end;
    setFailed(false);
    setShare(0);
    node.rest(true);
    try {
      const { cores } = view.rules;
      const speed = await measured(node, cores, setShare, end.signal);
      kept.set(JSON.stringify({ speed, cores, at: Date.now() } satisfies Measured));
    } catch {
      setFailed(!end.signal.aborted);
    } finally {
      node.rest(false);
      running.current = undefined;
      setShare(undefined);
    }
  };
  return { last, share, failed, start: () => void start(), cancel };
}

async function measured(
  node: TabNode,
  cores: number,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const { benchmark } = await import("../../node/benchmark");
  await nothingRuns(node, signal);
  return await benchmark(cores, MEASURE_S, onShare, signal);
}

function nothingRuns(node: TabNode, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => node.view().running.length === 0 && done();
    const done = () => {
      clearTimeout(patience);
      unsubscribe();
      resolve();
    };
    const patience = setTimeout(done, ROOM_MS);
    const unsubscribe = node.subscribe(look);
    signal.addEventListener("abort", done, { once: true });
    look();
  });
}
