import { Settings } from "../../node/settings";

/** What a node is, in words for its owner. */

/** `browser Chrome 156 Linux` → Chrome 156, Linux; `linux-x86_64` → Linux x86_64. */
export function platformWords(platform: string | null): string {
  if (!platform) return "";
  const browser = /^browser (.+ \d+) (\S+)$/.exec(platform);
  if (browser) return `${browser[1]}, ${browser[2]}`;
  const words = platform.replace(/^(linux|darwin|win32|windows)\b/i, (system) => SYSTEMS[system.toLowerCase()] ?? "");
  return words.replaceAll("-", " ");
}

const SYSTEMS: Readonly<Record<string, string>> = {
  linux: "Linux",
  darwin: "macOS",
  win32: "Windows",
  windows: "Windows",
};

/** `pyodide-314.0.7-1e775634` → Python, `wasm-1` → WebAssembly; each once. */
export function runtimeWords(runtimes: readonly string[]): string[] {
  const word = (id: string) => {
    if (id.startsWith("pyodide")) return "Python";
    return id.startsWith("wasm") ? "WebAssembly" : id;
  };
  return [...new Set(runtimes.map(word))];
}

export function countryName(code: string, locale: string): string {
  return code ? (new Intl.DisplayNames(locale, { type: "region", fallback: "code" }).of(code) ?? code) : "";
}

/** The id of the node that this browser is for the account; empty when it never worked for it. */
export function ownNode(account: string): string {
  try {
    return new Settings(localStorage, account).node;
  } catch {
    return "";
  }
}
