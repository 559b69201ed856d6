import { describe, expect, it } from "vitest";
import { bpsOf, percentOf } from "./commission";
import { deedsOn, may } from "./rights";

describe("a commission", () => {
  it.each([
    ["7", 700],
    [" 7,25 % ", 725],
    ["0", 0],
    ["0.5%", 50],
    ["50", 5_000],
    ["50.01", undefined],
    ["1.234", undefined],
    ["-1", undefined],
    ["", undefined],
  ])("%j is %s hundredths of a per cent", (text, bps) => {
    expect(bpsOf(text)).toBe(bps);
  });

  it("comes back as it was", () => {
    for (const bps of [0, 1, 50, 725, 5_000]) expect(bpsOf(percentOf(bps, bps % 2 === 1))).toBe(bps);
    expect(percentOf(725, true)).toBe("7,25");
  });
});

describe("what there are buttons for", () => {
  it("an owner hands over or closes, everybody else leaves", () => {
    expect([may("owner", "leave"), may("owner", "close")]).toEqual([false, true]);
    expect([may("manager", "leave"), may("manager", "close")]).toEqual([true, false]);
    expect([may("member", "leave"), may("member", "newKey")]).toEqual([true, false]);
  });

  it("nobody acts on an owner, a manager only on members", () => {
    expect(deedsOn({ role: "owner" }, "owner")).toEqual([]);
    expect(deedsOn({ role: "manager" }, "manager")).toEqual([]);
    expect(deedsOn({ role: "member" }, "manager")).toEqual(["remove"]);
    expect(deedsOn({ role: "member" }, "member")).toEqual([]);
  });

  it("an owner makes managers, unmakes them and hands over", () => {
    expect(deedsOn({ role: "member" }, "owner")).toEqual(["manager", "owner", "remove"]);
    expect(deedsOn({ role: "manager" }, "owner")).toEqual(["member", "owner", "remove"]);
  });
});
