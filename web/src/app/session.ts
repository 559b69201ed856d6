import { useSyncExternalStore } from "react";
import type { LoginView } from "../api/generated";
import { ApiError, readProblem, unreachable } from "../api/problem";
import { Stored } from "./stored";

/** Who is logged in, in all tabs at once. Must never refresh twice at a time: a refresh token works once. */
export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** By this device's clock, which may be wrong: only the length of a session is taken from the coordinator. */
  readonly renewAt: number;
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
}

export interface Deps {
  readonly stored: Stored<Session | undefined>;
  readonly fetch: typeof fetch;
  readonly now: () => number;
  /** Runs `work` while no other tab does. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
}

interface Granted {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

const KEY = "we1web.session";
const EARLY_S = 60;

export class Sessions {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  current = (): Session | undefined => this.#deps.stored.get();

  subscribe = (listener: () => void): (() => void) => this.#deps.stored.subscribe(listener);

  begin({ user, session }: LoginView): void {
    this.#keep(session, { id: user.id, email: user.email, name: user.display_name ?? "" });
  }

  /** The display name changed. */
  rename(name: string): void {
    const held = this.current();
    if (held) this.#deps.stored.set(JSON.stringify({ ...held, user: { ...held.user, name } }));
  }

  /** A token that works now; `refused`: one that the coordinator would not take. Throws ApiError. */
  token = async (refused?: string): Promise<string> => {
    const held = this.current();
    if (!held) throw loggedOut();
    const good = held.accessToken !== refused && this.#deps.now() < held.renewAt;
    return good ? held.accessToken : this.#deps.alone(() => this.#renewed(held.accessToken));
  };

  /** Ends the session here at once, and at the coordinator as soon as it hears of it. */
  async end(): Promise<void> {
    const held = this.current();
    this.#deps.stored.set(null);
    if (!held) return;
    const headers = { Authorization: `Bearer ${held.accessToken}` };
    await this.#deps.fetch("/auth/v1/logout?scope=local", { method: "POST", headers }).catch(() => undefined);
  }

  /** Another tab may have renewed it while this one waited for its turn. */
  async #renewed(stale: string): Promise<string> {
    const held = this.#deps.stored.fresh();
    if (!held) throw loggedOut();
    if (held.accessToken !== stale) return held.accessToken;
    const answer = await this.#deps
      .fetch("/auth/v1/token?grant_type=refresh_token", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ refresh_token: held.refreshToken }),
      })
      .catch((cause) => {
        throw unreachable(cause);
      });
    if (answer.ok) return this.#keep((await answer.json()) as Granted, held.user).accessToken;
    if (answer.status >= 500 || answer.status === 429) throw await readProblem(answer);
    this.#deps.stored.set(null);
    throw loggedOut();
  }

  #keep(granted: Granted, user: Session["user"]): Session {
    const lifeS = Math.max(granted.expires_in - EARLY_S, granted.expires_in / 2);
    const session: Session = {
      accessToken: granted.access_token,
      refreshToken: granted.refresh_token,
      renewAt: this.#deps.now() + lifeS * 1000,
      user,
    };
    this.#deps.stored.set(JSON.stringify(session));
    return session;
  }
}

export function loggedOut(): ApiError {
  return new ApiError({ code: "logged_out", status: 401, message: "you are not logged in", hint: "log in again" });
}

export function parseSession(text: string | null): Session | undefined {
  try {
    const found = JSON.parse(text ?? "null") as Session | null;
    return found?.accessToken && found.refreshToken && found.user ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Web Locks where there are some (they need https or localhost), else one at a time in this tab. */
function oneAtATime(): Deps["alone"] {
  let last: Promise<unknown> = Promise.resolve();
  const locks = globalThis.navigator?.locks;
  return <T>(work: () => Promise<T>): Promise<T> => {
    if (locks) return locks.request(KEY, work) as Promise<T>;
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}

export const session = new Sessions({
  stored: new Stored(KEY, parseSession),
  fetch: (...request) => globalThis.fetch(...request),
  now: () => Date.now(),
  alone: oneAtATime(),
});

export function useSession(): Session | undefined {
  return useSyncExternalStore(session.subscribe, session.current);
}
