// Takes every clock and every source of entropy away from a JavaScript realm and puts counted ones in their place.
// Runs before Pyodide is loaded, in every host (Deno here, a worker in the browser): what a task can observe must depend
// on its seed alone. Touches nothing but globals; returns the two handles that the host keeps to itself.

const CLOCK_START_MS = 1767225600000; // 2026-01-01T00:00:00Z
const STEP_MS = 0.01; // every look at a clock moves it, so that loops that wait for a time end

/** sfc32: small, fast, 128 bits of state, the same in any language with 32-bit arithmetic (twin: agent/wasm/entropy.py). */
function generator() {
  let a, b, c, count;
  const next = () => {
    const sum = (((a + b) | 0) + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  const seed = (low, high) => {
    [a, b, c, count] = [low | 0, high | 0, 0, 1];
    for (let round = 0; round < 12; round++) next();
  };
  return { next, seed };
}

export function determinize() {
  const { next, seed } = generator();
  let elapsed = 0;
  const tick = () => (elapsed += STEP_MS);
  const now = () => Math.floor(CLOCK_START_MS + tick());
  replaceEntropy(next);
  replaceClocks(tick, now);
  const reset = (low, high) => {
    elapsed = 0;
    seed(low, high);
  };
  reset(0, 0);
  return { reset, advance: (ms) => void (elapsed += ms > 0 ? ms : 0) };
}

function replaceEntropy(next) {
  const fill = (array) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let i = 0, word = 0; i < bytes.length; i++, word >>>= 8) {
      if (i % 4 === 0) word = next();
      bytes[i] = word & 255;
    }
    return array;
  };
  const crypto = { getRandomValues: fill, randomUUID: undefined, subtle: undefined };
  Object.defineProperty(globalThis, "crypto", { value: crypto, configurable: true });
  Math.random = () => next() / 4294967296;
}

function replaceClocks(tick, now) {
  const RealDate = Date;
  for (const part of ["Date", "Day", "FullYear", "Hours", "Milliseconds", "Minutes", "Month", "Seconds"]) {
    RealDate.prototype[`get${part}`] = RealDate.prototype[`getUTC${part}`];
  }
  RealDate.prototype.getTimezoneOffset = () => 0;
  globalThis.Date = class Date extends RealDate {
    constructor(...parts) {
      super(...(parts.length ? parts : [now()]));
    }
  };
  globalThis.Date.now = now;
  globalThis.Date.prototype.constructor = globalThis.Date;
  RealDate.prototype.constructor = globalThis.Date; // a Date must not lead back to the real clock
  const performance = { now: () => tick(), timeOrigin: CLOCK_START_MS, mark() {}, measure() {} };
  Object.defineProperty(globalThis, "performance", { value: performance, configurable: true });
}
