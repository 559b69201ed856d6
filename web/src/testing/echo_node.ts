// A node for tests, run by Deno: the node core of the browser over a real WebSocket, with a runtime that echoes.
// usage: deno run -A src/testing/echo_node.ts URL TOKEN RUNTIME_ID CORES [NODE_ID]; drains on SIGTERM, then prints totals.

import process from "node:process";
import { Blobs } from "../node/blobs";
import type { Effect } from "../node/effects";
import { Link, Refused, WORLD } from "../node/link";
import { Node } from "../node/node";
import { value } from "../node/outcome";
import type { Runtime } from "../node/runtime";
import { NodeSession } from "../node/session";

const [url = "", token = "", runtimeId = "", cores = "1"] = process.argv.slice(2);
const echo: Runtime = {
  id: runtimeId,
  start: async () => {},
  run: async (work) => work.arguments.map((argument) => value(argument)),
  close: () => {},
};
const session = new NodeSession(token, {
  tag: "node:register",
  node: "",
  name: "echo",
  cores: Number(cores),
  memory_bytes: 2 ** 32,
  runtimes: [runtimeId],
  speed: 1,
  window: 4 * Number(cores),
  platform: "test",
  resume: [],
  gpu: "",
  country: "",
  floor_micros_per_h: 0,
  cached: [],
  referee: "",
});
const blobs = new Blobs({
  ask: (path, init) => fetch(url + path, { ...init, headers: { Authorization: `Bearer ${token}` } }),
  random: Math.random,
  wait: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000)),
});
let node: Node | undefined;
const link = new Link(`${url.replace("http", "ws")}/ws`, session, (effect) => node?.handle(effect));
const watch = (effect: Effect) => {
  if (effect.effect === "Ready") console.log(JSON.stringify({ ready: effect.node }));
};
node = new Node({ session, link, blobs, runtimes: [echo], now: WORLD.now, watch }, Number(cores));
process.on("SIGTERM", () => link.perform(session.drain("SIGTERM")));
try {
  await link.run();
  console.log(JSON.stringify(node.totals));
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.log(JSON.stringify({ refused: error.code }));
}
process.exit(0);
