// What the page and the worker that reads its inputs say to each other. Values only.

import type { Reading } from "./parse";
import type { InputError } from "./problem";
import type { Width } from "./tasks";

export type Ask =
  | { readonly ask: "read"; readonly source: string | Blob; readonly reading: Reading }
  | { readonly ask: "payloads"; readonly from: number }
  | { readonly ask: "fingerprint" };

/** What was read, as far as a page needs it. */
export interface Read {
  readonly count: number;
  readonly bytes: number;
  readonly first: readonly string[];
  readonly names: readonly string[] | undefined;
  readonly fewest: Width | undefined;
  readonly most: Width | undefined;
}

export interface Refused {
  readonly problem: InputError["problem"];
  readonly line: number;
  readonly found: string;
}

export type Answer =
  | { readonly read: Read }
  | { readonly refused: Refused }
  | { readonly payloads: readonly Uint8Array<ArrayBuffer>[] }
  | { readonly fingerprint: Uint8Array };
