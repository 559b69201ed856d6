import type { TabState } from "../../node/tab";

/** The colour of a state, as the dot beside its word. */
export const DOTS: Record<TabState | "pausing", string> = {
  idle: "bg-line-strong",
  starting: "bg-warn",
  connecting: "bg-warn",
  working: "bg-accent",
  pausing: "bg-warn",
  waiting: "bg-accent",
  paused: "bg-warn",
  elsewhere: "bg-line-strong",
  stopping: "bg-warn",
  failed: "bg-bad",
};
