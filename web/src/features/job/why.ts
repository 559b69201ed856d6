import type { JobWhy } from "../../api";
import type { Text } from "../../app/text";
import type { text } from "./messages";

type Keys = keyof (typeof text)["en"];

/** The coordinator's reason in the page's language; its own words for a reason that this page does not know. */
export function reason(t: Text<Keys>, why: { code: string; words: string }): string {
  const key = `why.${why.code || "nothing"}`;
  return t.has(key) ? t(key) : why.words;
}

/** What the requester can do about it; nothing when waiting is all there is to do. */
export function advice(t: Text<Keys>, why: { code: string }): string {
  const key = `advice.${why.code}`;
  return t.has(key) ? t(key) : "";
}

/** One line for every condition that keeps nodes out, the most severe first. */
export function exclusions(t: Text<Keys>, why: JobWhy): readonly string[] {
  return Object.entries(why.excluded ?? {})
    .sort(([, one], [, other]) => other - one)
    .map(([code, nodes]) => {
      const key = `out.${code}`;
      return t.has(key) ? t(key, { nodes }) : `${nodes}: ${code}`;
    });
}
