import { useSyncExternalStore } from "react";
import { Stored } from "./stored";

/** Light, dark or what the system says. `public/theme.js` does the same before the first paint. */
export type Theme = "system" | "light" | "dark";

const theme = new Stored<Theme>("we1web.theme", (text) => (text === "light" || text === "dark" ? text : "system"));
const systemIsDark = globalThis.matchMedia?.("(prefers-color-scheme: dark)");

export function setTheme(wanted: Theme): void {
  theme.set(wanted === "system" ? null : wanted);
}

export function useTheme(): Theme {
  return useSyncExternalStore(theme.subscribe, theme.get);
}

/** Follows the choice and the system from now on. */
export function followTheme(): void {
  const apply = () => {
    const dark = theme.get() === "dark" || (theme.get() === "system" && systemIsDark?.matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  };
  theme.subscribe(apply);
  systemIsDark?.addEventListener("change", apply);
  apply();
}
