/** What a session's program calls itself, made readable. Only names that people know; what is not known stays empty. */
export interface Client {
  readonly program: string;
  readonly system: string;
}

/** The first that matches: browsers name their ancestors too. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/\bwe1web/i, "we1web"],
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\b(OPR|Opera)\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|CriOS|HeadlessChrome)\//, "Chrome"],
  [/\bVersion\/[\d.]+.*\bSafari\//, "Safari"],
  [/\bcurl\//, "curl"],
  [/\b(python|httpx)/i, "Python"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\b(Mac OS X|Macintosh|Darwin)\b/, "macOS"],
  [/\bLinux\b/i, "Linux"],
];

export function clientOf(userAgent: string): Client {
  const named = (names: typeof PROGRAMS) => names.find(([sign]) => sign.test(userAgent))?.[1] ?? "";
  return { program: named(PROGRAMS), system: named(SYSTEMS) };
}
