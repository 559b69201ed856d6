import type { RunningTask } from "../../node/tab";

/** What this device does, by job: many short tasks of one job are one line that does not flicker. */
export interface Work {
  readonly key: string;
  readonly requester: string;
  readonly job: string;
  readonly purpose: string;
  readonly runtime: string;
  readonly cores: number;
  readonly tasks: number;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly seenAt: number;
}

/** Between two short tasks a core is idle for a moment: that is no reason to say that nothing runs. */
export const LINGER_MS = 2_500;

/** What is shown at `now`, given what was shown before and what runs. */
export function worksOf(before: readonly Work[], running: readonly RunningTask[], now: number): readonly Work[] {
  const found = new Map<string, Work>();
  for (const task of running) {
    const key = JSON.stringify([task.requester, task.job, task.purpose, task.runtime]);
    const earlier = found.get(key) ?? before.find((work) => work.key === key);
    const counted = found.get(key);
    found.set(key, {
      key,
      requester: task.requester,
      job: task.job,
      purpose: task.purpose,
      runtime: task.runtime,
      cores: (counted?.cores ?? 0) + 1,
      tasks: (counted?.tasks ?? 0) + task.tasks,
      since: Math.min(earlier?.since ?? now, task.startedAt),
      seenAt: now,
    });
  }
  const lingering = before.filter((work) => !found.has(work.key) && now - work.seenAt < LINGER_MS);
  return [...found.values(), ...lingering].sort(
    (one, other) => one.since - other.since || (one.key < other.key ? -1 : 1),
  );
}
