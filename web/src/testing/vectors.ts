// The golden vectors of spec/vectors, for the tests.

import { readFileSync } from "node:fs";

export function vectors<T>(name: string): T[] {
  return JSON.parse(readFileSync(new URL(`../../../spec/vectors/${name}.json`, import.meta.url), "utf-8")) as T[];
}

/** Bytes as JSON shows them in the vectors: in base64. */
export function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
