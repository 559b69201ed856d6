// The life of every worker in the sandbox: takes its parcel, gets ready, then answers what it is asked, in order.

import { type Ask, type Header, type Parcel, READY, type Task } from "./orders";

export interface Harness {
  /** Empty when the program is loaded, else the outcome that all of its tasks have. */
  load(header: Header): Uint8Array;
  call(task: Task): Uint8Array;
}

type Begin = (files: Parcel["files"]) => Promise<Harness>;

/** Lives as one process. `begin` makes the harness; an exception anywhere is one that the frame sees. */
export function live(begin: Begin): void {
  addEventListener("message", ({ data }: MessageEvent<Parcel>) => void serve(data, begin), { once: true });
}

async function serve({ files, port }: Parcel, begin: Begin): Promise<void> {
  try {
    const harness = await begin(files);
    port.onmessage = ({ data }: MessageEvent<Ask>) => {
      try {
        say(port, "load" in data ? harness.load(data.load) : harness.call(data.task));
      } catch (error) {
        surface(error);
      }
    };
    say(port, READY.slice());
  } catch (error) {
    surface(error);
  }
}

function say(port: MessagePort, answer: Uint8Array): void {
  const own = answer.byteLength === answer.buffer.byteLength ? answer : answer.slice();
  port.postMessage(own, [own.buffer as ArrayBuffer]);
}

/** What is thrown later reaches the frame's onerror; a rejected promise would not. */
function surface(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}
