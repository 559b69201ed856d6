import { useSyncExternalStore } from "react";
import { session } from "../../app/session";
import { Keeper, type Kept } from "./device";

const READABLE_MS = 250;

/** This page's node; lives as long as the page, whatever is shown. */
const keeper = new Keeper({
  account: () => session.current()?.user.id,
  onAccount: (listener) => session.subscribe(listener),
  open: async (account) => {
    const { TabNode } = await import("../../node/tab");
    return new TabNode({ origin: location.origin, account, token: () => session.token() });
  },
  now: () => Date.now(),
  soon: (act) => setTimeout(act, READABLE_MS),
});

export function useDevice(): Kept {
  return useSyncExternalStore(keeper.subscribe, keeper.current);
}

export const retry = (): void => keeper.retry();
