// What the page senses of its device: battery, and when somebody last used the page. What the browser does not tell stays
// undefined: unknown is not zero.

import type { Senses } from "./between";

/** Chromium only. */
interface Battery extends EventTarget {
  readonly charging: boolean;
  readonly level: number;
}

const INPUT = ["pointerdown", "keydown", "wheel", "touchstart"];
const LOOK_MS = 10_000;

/** Calls `changed` at once and whenever something may have changed; the answer ends it. */
export function sense(page: Window, changed: (senses: Senses) => void): () => void {
  const end = new AbortController();
  let battery: Battery | undefined;
  let usedAt = performance.now();
  const tell = () =>
    changed({
      onBattery: battery === undefined ? undefined : !battery.charging,
      charge: battery?.level,
      userIdleS: (performance.now() - usedAt) / 1_000,
    });
  for (const kind of INPUT) {
    page.addEventListener(kind, () => (usedAt = performance.now()), { passive: true, signal: end.signal });
  }
  const { navigator } = page as unknown as { navigator: { getBattery?: () => Promise<Battery> } };
  navigator.getBattery?.().then(
    (found) => {
      if (end.signal.aborted) return;
      battery = found;
      for (const kind of ["chargingchange", "levelchange"]) found.addEventListener(kind, tell, { signal: end.signal });
      tell();
    },
    () => {},
  );
  const looking = setInterval(tell, LOOK_MS);
  tell();
  return () => {
    clearInterval(looking);
    end.abort();
  };
}
