// Keeps a node's session connected: the shell of session.ts over a WebSocket. It carries frames and time to the session
// and carries out its effects; everything else it hands to `handle`. It must never decide what a message means, and
// never end because a connection did: only a drained session, or a refusal that no retry can cure, ends `run`.

import { Backoff } from "./backoff";
import type { Effect } from "./effects";
import { CLOSE_REPLACED, CLOSE_RETIRED, PERMANENT, SUBPROTOCOL_MSGPACK } from "./messages.gen";
import type { NodeSession } from "./session";

const CLOSED_FOR_GOOD: Record<number, { code: string; message: string; hint: string }> = {
  [CLOSE_REPLACED]: {
    code: "node_replaced",
    message: "this node is open somewhere else",
    hint: "one tab a device works",
  },
  [CLOSE_RETIRED]: {
    code: "node_retired",
    message: "the owner retired this node",
    hint: "start again to join as a new node",
  },
};
const TICK_S = 1;
/** Results that finish within this time share a frame. */
const GATHER_S = 0.003;
const OPEN_S = 10;

/** The coordinator does not want this node, and trying again would not help. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly hint: string,
  ) {
    super(message);
    this.name = "Refused";
  }
}

/** What the link needs of the world. */
export interface World {
  /** Seconds of a steady clock. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
  open(url: string, protocol: string): WebSocket;
  after(seconds: number, act: () => void): () => void;
}

export const WORLD: World = {
  now: () => performance.now() / 1_000,
  random: Math.random,
  open: (url, protocol) => new WebSocket(url, protocol),
  after: (seconds, act) => {
    const timer = setTimeout(act, seconds * 1_000);
    return () => clearTimeout(timer);
  },
};

export class Link {
  readonly #backoff: Backoff;
  #socket: WebSocket | undefined;
  #gathering: (() => void) | undefined;
  #stopWaiting: (() => void) | undefined;
  #ended = false;
  #refusal: Refused | undefined;
  #known = false;

  constructor(
    private readonly url: string,
    private readonly session: NodeSession,
    private readonly handle: (effect: Effect) => void,
    private readonly world: World = WORLD,
  ) {
    this.#backoff = new Backoff(world.random);
  }

  /** Until the session is drained; throws Refused. */
  async run(): Promise<void> {
    const stopTicking = this.#tickForEver();
    try {
      while (!this.#ended) {
        await this.#connectOnce();
        if (this.#refusal !== undefined) throw this.#refusal;
        if (!this.#ended) await this.#wait(this.#backoff.nextS());
      }
    } finally {
      stopTicking();
    }
  }

  /** Carries out effects of the session, in order. Never waits. */
  perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.effect === "Send") this.#send(effect.frame);
      else if (effect.effect === "Hangup") this.#hangUp(effect.close_code, effect.reason, effect.drained);
      else {
        this.#note(effect);
        this.handle(effect);
      }
    }
  }

  /** Something was finished: it leaves at once, or within milliseconds together with what finishes until then. */
  resultsWait(moreSoon: boolean): void {
    if (!moreSoon) this.perform(this.session.flush());
    else this.#gathering ??= this.world.after(GATHER_S, () => this.#gathered());
  }

  /** The network came back: the next attempt does not wait. */
  hurry(): void {
    this.#stopWaiting?.();
  }

  /** Connects anew, because the next registration says something else. */
  renew(): void {
    this.#socket?.close(1000, "renewed");
  }

  #gathered(): void {
    this.#gathering = undefined;
    this.perform(this.session.flush());
  }

  #send(frame: Uint8Array): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(frame as Uint8Array<ArrayBuffer>);
  }

  #hangUp(closeCode: number, reason: string, drained: boolean): void {
    if (drained) {
      this.#ended = true;
      this.#stopWaiting?.();
    }
    // A page may send 1000 and private codes only: 1007 and 1008 go as 4007 and 4008.
    this.#socket?.close(closeCode === 1000 ? 1000 : 4000 + (closeCode % 1000), reason);
  }

  #note(effect: Effect): void {
    if (effect.effect === "Ready") {
      this.#backoff.reset();
      this.#known = true;
    } else if (effect.effect === "Problem" && effect.fatal && PERMANENT.includes(effect.code)) {
      this.#refuse(effect.code, effect.message, effect.hint);
    }
  }

  /** A saved id that the coordinator does not know means: join as a new node. Once known, it was retired. */
  #refuse(code: string, message: string, hint: string): void {
    if (code === "node_unknown" && !this.#known && this.session.offer.node !== "") {
      this.session.offer = { ...this.session.offer, node: "" };
    } else {
      this.#refusal = new Refused(code, message, hint);
    }
  }

  async #connectOnce(): Promise<void> {
    const socket = this.world.open(this.url, SUBPROTOCOL_MSGPACK);
    socket.binaryType = "arraybuffer";
    const giveUp = this.world.after(OPEN_S, () => socket.close());
    const code = await new Promise<number>((resolve) => {
      socket.onopen = () => {
        giveUp();
        this.#socket = socket;
        this.perform(this.session.connected(this.world.now()));
      };
      socket.onmessage = ({ data }) => this.#received(data);
      socket.onclose = (event) => resolve(event.code);
    });
    giveUp();
    this.#closed(code);
  }

  #received(data: unknown): void {
    const frame = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array();
    this.perform(this.session.received(frame, this.world.now()));
  }

  #closed(code: number): void {
    if (this.#socket !== undefined) {
      this.#socket = undefined;
      this.perform(this.session.disconnected());
    }
    const problem = CLOSED_FOR_GOOD[code];
    if (problem !== undefined) this.perform([{ effect: "Problem", ...problem, fatal: true }]);
  }

  #wait(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.#stopWaiting = undefined;
        resolve();
      };
      const cancel = this.world.after(seconds, done);
      this.#stopWaiting = done;
    });
  }

  /** Heartbeats and deadlines go on whether or not there is a connection. */
  #tickForEver(): () => void {
    let cancel = () => {};
    const tick = () => {
      this.perform(this.session.tick(this.world.now()));
      cancel = this.world.after(TICK_S, tick);
    };
    cancel = this.world.after(TICK_S, tick);
    return () => cancel();
  }
}
