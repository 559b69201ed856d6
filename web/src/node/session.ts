// The node's side of the conversation: events in, effects out, no clock, no socket. The twin of
// src/we1web/protocol/node_session.py, held to it by spec/vectors/conversation.json and the rules of spec/protocol.md.
//
//   const session = new NodeSession(token, offer)
//   session.connected(now)                       a socket is open: says hello
//   session.received(frame, now)                 a frame arrived
//   session.finished(bundle, outcomes, runUs)    results wait in a queue until
//   session.flush()                              sends them, several to a frame
//   session.giveBack(bundles, code)              could not run them
//   session.setStatus(heartbeat, now)            what the node is doing; a change of `accepting` is told at once
//   session.drain(reason)                        leave politely; a drained Hangup follows when nothing is held
//   session.tick(now)                            about once a second: heartbeats, deadlines
//   session.disconnected()                       the socket is gone
//
// `now` is seconds of any steady clock. One object lives as long as the node; connections come and go under it.

import { decodeServer, encode, FrameError, ProtocolError } from "./codec";
import type { Effect, End } from "./effects";
import { checkReport, Holdings, Outbox } from "./held";
import {
  type Assigned,
  type ClientMessage,
  type Heartbeat,
  type JobInfo,
  type Lease,
  MAX_DETAIL_CHARS,
  MAX_WINDOW,
  type Register,
  type Registered,
  type ServerMessage,
  VERSION,
  type Welcome,
} from "./messages.gen";

/** The coordinator has this long to answer a hello, and as long again to answer the registration. */
export const HANDSHAKE_S = 10;

export type NodeState = "offline" | "greeting" | "registering" | "working" | "closing";

/** Every message the coordinator may send to a node, by the node's state, and the state that follows. */
const TRANSITIONS: Record<NodeState, Partial<Record<ServerMessage["tag"], NodeState>>> = {
  offline: {},
  greeting: { welcome: "registering", error: "greeting" },
  registering: { "node:registered": "working", error: "registering" },
  working: {
    "node:registered": "working",
    "task:assigned": "working",
    "task:cancel": "working",
    "task:completed": "working",
    "payment:processed": "working",
    error: "working",
  },
  closing: {},
};

const IDLE: Heartbeat = {
  tag: "node:heartbeat",
  running: 0,
  queued: 0,
  load: 0,
  accepting: true,
  reason: "",
  rtt_ms: 0,
};

export class NodeSession {
  state: NodeState = "offline";
  readonly #holdings = new Holdings();
  readonly #outbox = new Outbox();
  readonly #jobs = new Map<number, JobInfo>();
  #status = IDLE;
  #draining: string | undefined;
  #left = false;
  #heartbeatS = 15;
  /** When the handshake must have moved on, or the next heartbeat is sent. */
  #due = 0;

  /** `offer` is what the next registration says; the node's id is kept in it once the coordinator named it. */
  constructor(
    public token: string,
    public offer: Register,
    private readonly software = "",
  ) {}

  /** Leases that have not ended, reported ones included. */
  get held(): number {
    return this.#holdings.size;
  }

  /** Reports not sent yet. */
  get waitingResults(): number {
    return this.#outbox.waiting;
  }

  connected(now: number): Effect[] {
    if (this.state !== "offline") throw new Error(`connected while ${this.state}`);
    this.state = "greeting";
    this.#due = now + HANDSHAKE_S;
    return [send({ tag: "hello", versions: [VERSION], token: this.token, software: this.software })];
  }

  /** Nothing is lost: leases go on, results wait for the next connection. */
  disconnected(): Effect[] {
    this.state = "offline";
    this.#jobs.clear();
    return this.#drained();
  }

  /** Takes one frame of the coordinator. A frame that breaks a rule ends the connection. */
  received(frame: Uint8Array, now: number): Effect[] {
    if (this.state === "closing") return [];
    try {
      const effects = this.#step(decodeServer(frame), now);
      return [...effects, ...this.#drained()];
    } catch (error) {
      if (error instanceof ProtocolError) return this.#abort(error);
      throw error;
    }
  }

  /** Queues the result of a held bundle; one that ended meanwhile is ignored. Send with `flush`. */
  finished(bundle: number, outcomes: readonly Uint8Array[], runUs: number): Effect[] {
    const lease = this.#holdings.lease(bundle);
    if (lease !== undefined && !this.#outbox.has(bundle)) {
      const report = { bundle, outcomes, run_us: runUs };
      checkReport(report, lease);
      this.#outbox.add(report);
    }
    return [];
  }

  /** Sends what is queued, as few frames as the limits allow. */
  flush(): Effect[] {
    return this.state === "working" ? this.#outbox.take().map(send) : [];
  }

  /** Returns bundles that have no result: the fault is the node's, not the tasks'. */
  giveBack(bundles: readonly number[], code: string, detail = ""): Effect[] {
    const mine = bundles.filter((bundle) => this.#holdings.has(bundle) && !this.#outbox.has(bundle));
    const ended = this.#end(mine, "returned", code);
    if (mine.length > 0 && this.state === "working") {
      ended.unshift(send({ tag: "task:failed", bundles: mine, code, detail: detail.slice(0, MAX_DETAIL_CHARS) }));
    }
    return [...ended, ...this.#drained()];
  }

  /** Remembers what heartbeats say; tells it at once when the node starts or stops accepting. */
  setStatus(status: Heartbeat, now: number): Effect[] {
    const before = this.#status;
    this.#status = status;
    const same = before.accepting === status.accepting && before.reason === status.reason;
    return same ? [] : this.#beat(now);
  }

  /** No new leases from now on; leases that are on their way are returned. */
  drain(reason: string): Effect[] {
    if (this.#draining !== undefined) return [];
    this.#draining = reason;
    const told = this.state === "working" ? [send({ tag: "node:drain", reason })] : [];
    return [...told, ...this.#drained()];
  }

  /** Heartbeats and deadlines; call it about once a second. */
  tick(now: number): Effect[] {
    const late = this.#holdings.expired(now).filter((bundle) => !this.#outbox.has(bundle));
    const effects = this.#end(late, "expired");
    if (now >= this.#due) effects.push(...this.#overdue(now));
    return [...effects, ...this.#drained()];
  }

  #overdue(now: number): Effect[] {
    if (this.state === "working") return this.#beat(now);
    if (this.state !== "greeting" && this.state !== "registering") return [];
    return this.#abort(new ProtocolError("handshake_timeout", "the coordinator does not answer"));
  }

  #step(message: ServerMessage, now: number): Effect[] {
    const before = this.state;
    const after = TRANSITIONS[before][message.tag];
    if (after === undefined) throw new ProtocolError("out_of_order", `${message.tag} while ${before}`);
    this.state = after;
    const effects = this.#take(message, now);
    const begins = before !== "working" && message.tag === "node:registered";
    return begins ? [...effects, ...this.#resumed(message, now)] : effects;
  }

  #take(message: ServerMessage, now: number): Effect[] {
    switch (message.tag) {
      case "task:assigned":
        return this.#assigned(message, now);
      case "task:cancel":
        return this.#end(message.bundles, "cancelled", message.code);
      case "task:completed":
        return [{ effect: "Judged", completed: message }];
      case "payment:processed":
        return []; // News for people, who read it over HTTP too.
      case "error": {
        const { code, message: words, hint, fatal } = message;
        const problem: Effect = { effect: "Problem", code, message: words, hint, fatal };
        return fatal ? [problem, ...this.#close(1000, code)] : [problem];
      }
      case "welcome":
        return this.#register(message, now);
      case "node:registered": {
        const { node, name, status } = message;
        this.offer = { ...this.offer, node };
        return [{ effect: "Ready", node, name, status }];
      }
      case "job:progress":
        throw new ProtocolError("out_of_order", "job:progress is not for nodes");
    }
  }

  #register(welcome: Welcome, now: number): Effect[] {
    if (welcome.version !== VERSION) {
      throw new ProtocolError("version_unsupported", `the coordinator chose version ${welcome.version}`);
    }
    this.#heartbeatS = Math.min(Math.max(welcome.heartbeat_s, 0.1), 300);
    this.#due = now + HANDSHAKE_S;
    return [send({ ...this.offer, resume: this.#holdings.resume() })];
  }

  /** Drops what is not wanted any more, sends unacknowledged results again, then what waited. */
  #resumed(message: Registered, now: number): Effect[] {
    const honoured = new Set(message.honoured);
    const effects = this.#end(
      this.#holdings.bundles().filter((bundle) => !honoured.has(bundle)),
      "dropped",
    );
    for (const bundle of this.#holdings.bundles()) {
      effects.push({ effect: "Extended", bundle, deadline: this.#holdings.extend(bundle, now) });
    }
    effects.push(...this.#outbox.resend().map(send));
    if (this.#draining !== undefined) effects.push(send({ tag: "node:drain", reason: this.#draining }));
    return [...effects, ...this.#beat(now), ...this.flush()];
  }

  #assigned(message: Assigned, now: number): Effect[] {
    if (message.ack > this.#outbox.lastSeq) {
      throw new ProtocolError("bad_sequence", `acknowledged ${message.ack} of ${this.#outbox.lastSeq}`);
    }
    const refused = message.refused.flatMap(({ bundle, code }) => this.#end([bundle], "refused", code));
    const durable = this.#end(this.#outbox.acknowledge(message.ack), "acknowledged");
    const leased = message.leases.length > 0 ? this.#leased(message, now) : [];
    return [...refused, ...durable, ...leased];
  }

  #leased(message: Assigned, now: number): Effect[] {
    for (const job of message.jobs) this.#jobs.set(job.job, job);
    if (message.leases.some((lease) => !this.#jobs.has(lease.job))) {
      throw new ProtocolError("unknown_job", "a lease of a job that was not described");
    }
    if (this.#holdings.size + message.leases.length > MAX_WINDOW) {
      throw new ProtocolError("too_many_leases", "more leases than any window");
    }
    if (this.#draining !== undefined) {
      const bundles = message.leases.map((lease) => lease.bundle);
      return [send({ tag: "task:failed", bundles, code: "draining", detail: "" })];
    }
    return this.#holdings.add(message.grant, message.leases, now).map((lease) => this.#handover(lease, now));
  }

  #handover(lease: Lease, now: number): Effect {
    const job = this.#jobs.get(lease.job);
    if (job === undefined) throw new ProtocolError("unknown_job", "a lease of a job that was not described");
    return { effect: "Leased", lease, job, deadline: now + lease.deadline_ms / 1_000 };
  }

  /** The one place where leases end; what is unknown here has ended before. */
  #end(bundles: readonly number[], end: End, code = ""): Effect[] {
    const gone = bundles.filter((bundle) => this.#holdings.remove(bundle));
    if (end !== "acknowledged") this.#outbox.forget(gone);
    return gone.map((bundle) => ({ effect: "Ended", bundle, end, code }));
  }

  #beat(now: number): Effect[] {
    if (this.state !== "working") return [];
    this.#due = now + this.#heartbeatS;
    return [send(this.#status)];
  }

  #drained(): Effect[] {
    const busy = this.#holdings.size > 0 || this.state === "closing";
    if (this.#left || this.#draining === undefined || busy) return [];
    this.#left = true;
    return this.#close(1000, "drained", true);
  }

  #abort(error: ProtocolError): Effect[] {
    const { code, message, hint } = error;
    const problem: Effect = { effect: "Problem", code, message, hint, fatal: true };
    return [problem, ...this.#close(error instanceof FrameError ? 1007 : 1008, code)];
  }

  #close(closeCode: number, reason: string, drained = false): Effect[] {
    this.state = "closing";
    return [{ effect: "Hangup", close_code: closeCode, reason, drained }];
  }
}

function send(message: ClientMessage): Effect {
  return { effect: "Send", frame: encode(message) };
}
