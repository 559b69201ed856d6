// What a device says of itself, coarsely: which engine and system decide how it computes, not who its owner is.

const ENGINES: readonly (readonly [RegExp, string])[] = [
  [/Edg\/(\d+)/, "Edge"],
  [/OPR\/(\d+)/, "Opera"],
  [/Firefox\/(\d+)/, "Firefox"],
  [/Chrome\/(\d+)/, "Chrome"],
  [/Version\/(\d+).*Safari/, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

/** For example `browser Chrome 156 Linux`. */
export function platform(agent = navigator.userAgent): string {
  return `browser ${engine(agent)} ${system(agent)}`;
}

/** What its owner reads until they give it another name. */
export function deviceName(agent = navigator.userAgent): string {
  return `${engine(agent).split(" ")[0]} on ${system(agent)}`;
}

function engine(agent: string): string {
  for (const [pattern, name] of ENGINES) {
    const found = pattern.exec(agent);
    if (found !== null) return `${name} ${found[1]}`;
  }
  return "unknown";
}

function system(agent: string): string {
  return SYSTEMS.find(([pattern]) => pattern.test(agent))?.[1] ?? "unknown";
}
