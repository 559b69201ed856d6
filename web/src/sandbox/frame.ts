// Inside the sandbox page: an opaque origin without network and storage. Starts and kills workers for whoever holds the
// port that the page handed in, and gives each worker the files it asks for. It runs no stranger's code itself: a
// worker's messages go to the node's port alone and never here.

import type { News, Order, Parcel } from "./orders";

const kept = new Map<string, unknown>();
const workers = new Map<number, Worker>();

function listen(port: MessagePort): void {
  const tell = (news: News) => port.postMessage(news);
  port.onmessage = async ({ data }: MessageEvent<Order>) => {
    try {
      await obey(data, tell);
    } catch (error) {
      tell({ news: "broken", message: String(error) });
    }
  };
}

async function obey(order: Order, tell: (news: News) => void): Promise<void> {
  switch (order.order) {
    case "keep":
      kept.set(order.name, await prepared(order.as, order.bytes));
      return tell({ news: "kept", name: order.name });
    case "start":
      return start(order, tell);
    case "kill":
      workers.get(order.process)?.terminate();
      workers.delete(order.process);
  }
}

/** In the form that workers take it: a script as an address, a program of ours compiled once for all. */
async function prepared(as: "script" | "module" | "bytes", bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  if (as === "script") return URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
  return as === "module" ? await WebAssembly.compile(bytes) : bytes;
}

function start(order: Order & { order: "start" }, tell: (news: News) => void): void {
  // A classic worker: module workers from blobs fail without a word where the origin is opaque.
  const worker = new Worker(kept.get(order.script) as string);
  worker.onerror = (event) => tell({ news: "died", process: order.process, message: event.message ?? "" });
  workers.set(order.process, worker);
  const files = Object.fromEntries(order.files.map((name) => [name, kept.get(name)]));
  const parcel: Parcel = { files, port: order.port };
  worker.postMessage(parcel, [order.port]);
}

window.onmessage = (event) => {
  const [port] = event.ports;
  if (event.source !== window.parent || port === undefined) return;
  window.onmessage = null;
  listen(port);
};
