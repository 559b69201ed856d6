// How fast one core of this device is: the kernel of src/we1web/agent/benchmark.py, the same bytes, for as many rounds as
// are asked for. Answers a task (the rounds, as text) with the milliseconds they took, as text.

import { SPEED_KERNEL } from "./kernel.gen";
import { live } from "./process";

live(async () => {
  const bytes = Uint8Array.from(atob(SPEED_KERNEL), (letter) => letter.charCodeAt(0));
  const { spin } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  return {
    load: () => new Uint8Array(),
    call: ({ argument }) => {
      const rounds = Number(new TextDecoder().decode(argument));
      const started = performance.now();
      (spin as (rounds: number) => bigint)(rounds);
      return new TextEncoder().encode(String(performance.now() - started));
    },
  };
});
