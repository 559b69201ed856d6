import { describe, expect, it } from "vitest";
import { TaskWindows } from "./task_windows";

const signal = new AbortController().signal;

/** A job in which every third task has the state that is asked for. */
function job(total: number) {
  const asked: string[] = [];
  const fetch = async (from: number, limit: number) => {
    asked.push(`${from}+${limit}`);
    const all = Array.from({ length: total }, (_, index) => ({ index })).filter(({ index }) => index % 3 === 0);
    const items = all.filter(({ index }) => index >= from).slice(0, limit);
    const last = items.at(-1);
    return { items, next: items.length === limit && last && last.index + 1 < total ? last.index + 1 : null };
  };
  return { asked, fetch };
}

describe("windows of the tasks of one state", () => {
  it("follow each other without a gap", async () => {
    const windows = new TaskWindows(job(900).fetch, 100);
    const rows = [await windows.rows(0, signal), await windows.rows(100, signal), await windows.rows(200, signal)];
    expect(rows.flat().map(({ index }) => index)).toEqual(Array.from({ length: 300 }, (_, place) => place * 3));
  });

  it("are found far away in long strides, and then known", async () => {
    const { asked, fetch } = job(30_000);
    const windows = new TaskWindows(fetch, 100);
    expect((await windows.rows(4_500, signal))[0]?.index).toBe(13_500);
    expect(asked).toHaveLength(6);
    expect((await windows.rows(4_400, signal))[0]?.index).toBe(13_200);
    expect(asked).toHaveLength(7);
  });

  it("end where the tasks end", async () => {
    let rows: number | undefined;
    const windows = new TaskWindows(job(330).fetch, 100, (found) => {
      rows = found;
    });
    expect(await windows.rows(100, signal)).toHaveLength(10);
    expect(await windows.rows(700, signal)).toEqual([]);
    expect(rows).toBe(110);
  });
});
