import { useState } from "react";

/**
 * The key of an order to the coordinator: the same for the same order while a dialog is open, so that a second press,
 * or a try after a lost answer, does nothing twice. A changed order is another one.
 */
export function useOrderKeys(): (order: object) => string {
  const [keys] = useState(() => orderKeys(() => crypto.randomUUID()));
  return keys;
}

export function orderKeys(fresh: () => string): (order: object) => string {
  const made = new Map<string, string>();
  return (order) => {
    const name = JSON.stringify(order);
    const key = made.get(name) ?? fresh();
    made.set(name, key);
    return key;
  };
}
