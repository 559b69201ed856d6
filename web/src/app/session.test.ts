import { beforeEach, describe, expect, it } from "vitest";
import { parseSession, type Session, Sessions } from "./session";
import { Stored } from "./stored";

/** A coordinator that knows one refresh token at a time, and what it was asked. */
class Coordinator {
  asked: string[] = [];
  good = "refresh-0";
  status = 200;
  #made = 0;

  fetch: typeof fetch = async (input, init) => {
    this.asked.push(String(input));
    if (this.status === 0) throw new TypeError("Failed to fetch");
    const { refresh_token } = JSON.parse(String(init?.body ?? "{}")) as { refresh_token?: string };
    if (String(input).includes("logout")) return new Response(null, { status: 204 });
    if (this.status !== 200) return Response.json({ code: "unavailable" }, { status: this.status });
    if (refresh_token !== this.good) return Response.json({ code: "refresh_token_already_used" }, { status: 400 });
    this.#made += 1;
    this.good = `refresh-${this.#made}`;
    return Response.json({ access_token: `access-${this.#made}`, refresh_token: this.good, expires_in: 3_600 });
  };
}

class Disk implements Storage {
  #kept = new Map<string, string>();
  get length() {
    return this.#kept.size;
  }
  clear = () => this.#kept.clear();
  getItem = (key: string) => this.#kept.get(key) ?? null;
  key = () => null;
  removeItem = (key: string) => void this.#kept.delete(key);
  setItem = (key: string, text: string) => void this.#kept.set(key, text);
}

const LOGIN = {
  user: { id: "1", email: "ada@example.org", display_name: "Ada" },
  session: { access_token: "access-0", refresh_token: "refresh-0", expires_in: 3_600, expires_at: 0 },
} as const;

let coordinator: Coordinator;
let disk: Disk;
let now: number;
let last: Promise<unknown>;

/** Tabs share the disk and the turn, nothing else. */
function tab(): Sessions {
  const stored = new Stored<Session | undefined>("session", parseSession, disk);
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  return new Sessions({ stored, fetch: coordinator.fetch, now: () => now, alone });
}

beforeEach(() => {
  coordinator = new Coordinator();
  disk = new Disk();
  now = 0;
  last = Promise.resolve();
});

describe("a session", () => {
  it("gives its token without asking while it lives", async () => {
    const session = tab();
    session.begin(LOGIN);
    expect(await session.token()).toBe("access-0");
    expect(coordinator.asked).toEqual([]);
  });

  it("is renewed a minute before its end", async () => {
    const session = tab();
    session.begin(LOGIN);
    now = 3_541_000;
    expect(await session.token()).toBe("access-1");
    expect(session.current()?.user.name).toBe("Ada");
  });

  it("is renewed once for all who ask at a time, in whatever tab", async () => {
    const [one, other] = [tab(), tab()];
    one.begin(LOGIN);
    const late = tab();
    now = 4_000_000;
    expect(await Promise.all([one.token(), one.token(), late.token()])).toEqual(["access-1", "access-1", "access-1"]);
    expect(coordinator.asked.length).toBe(1);
    expect(other.current()).toBeUndefined();
  });

  it("is renewed when a token is refused, even if this device's clock says that it lives", async () => {
    const session = tab();
    session.begin(LOGIN);
    expect(await session.token("access-0")).toBe("access-1");
    expect(await session.token("access-0")).toBe("access-1");
    expect(coordinator.asked.length).toBe(1);
  });

  it("outlives a lost connection and a busy coordinator", async () => {
    const session = tab();
    session.begin(LOGIN);
    now = 4_000_000;
    coordinator.status = 0;
    await expect(session.token()).rejects.toMatchObject({ code: "unreachable", retryable: true });
    coordinator.status = 503;
    await expect(session.token()).rejects.toMatchObject({ code: "unavailable", retryable: true });
    coordinator.status = 200;
    expect(await session.token()).toBe("access-1");
  });

  it("ends when the coordinator has ended it", async () => {
    const session = tab();
    session.begin(LOGIN);
    coordinator.good = "another";
    now = 4_000_000;
    await expect(session.token()).rejects.toMatchObject({ code: "logged_out" });
    expect(session.current()).toBeUndefined();
  });

  it("ends here at once when its owner logs out, reachable or not", async () => {
    const session = tab();
    session.begin(LOGIN);
    coordinator.status = 0;
    const heard: unknown[] = [];
    session.subscribe(() => heard.push(session.current()));
    await session.end();
    expect(heard).toEqual([undefined]);
    expect(disk.getItem("session")).toBeNull();
  });

  it("is none when what was kept is damaged", () => {
    expect(parseSession("{")).toBeUndefined();
    expect(parseSession('{"accessToken":"x"}')).toBeUndefined();
  });
});
