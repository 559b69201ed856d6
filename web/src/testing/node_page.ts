// A page for tests: the browser node without the app around it. `open` hands the tab to whoever drives the page.

import { TabNode } from "../node/tab";

export function open(token: string, account: string): TabNode {
  return new TabNode({ origin: location.origin, account, token: async () => token });
}
Object.assign(window, { open_node: open });
