// Canonical bytes of arguments and outcomes, and the digest that votes compare: the twin of
// src/we1web/protocol/outcome.py. Hashing is done in plain code, because opaque origins have no crypto.subtle.

import { encode } from "@msgpack/msgpack";
import { sha256 } from "@noble/hashes/sha2.js";
import { MAX_BLOB_BYTES } from "./messages.gen";

export const VALUE = 0;
export const ERROR = 1;
export const BLOB = 2;
export const NONE = 3;
export const INLINE = 4;
export const HEADER_BYTES = 9;
const DIGEST_BYTES = 32;
const REFERENCE_BYTES = 1 + DIGEST_BYTES + 8;
const MAX_CODE_BYTES = 64;

/** What an ERROR outcome says: the exception's type, its message and the remote traceback. */
export interface RemoteFailure {
  readonly type: string;
  readonly message: string;
  readonly traceback: string;
}

export function value(payload: Uint8Array, meter = 0n): Uint8Array {
  return metered(VALUE, meter, payload);
}

export function error(failure: RemoteFailure, meter = 0n): Uint8Array {
  return metered(ERROR, meter, encode([failure.type, failure.message, failure.traceback]));
}

export function none(code: string): Uint8Array {
  return Uint8Array.of(NONE, ...new TextEncoder().encode(code).slice(0, MAX_CODE_BYTES));
}

/** The name of a blob that holds a full encoding of `size` bytes. */
export function reference(digest: Uint8Array, size: number): Uint8Array {
  const encoded = new Uint8Array(REFERENCE_BYTES);
  encoded[0] = BLOB;
  encoded.set(digest, 1);
  new DataView(encoded.buffer).setBigUint64(1 + DIGEST_BYTES, BigInt(size), true);
  return encoded;
}

/** The digest and size of the blob that `encoded` names; undefined when it names none. */
export function blobOf(encoded: Uint8Array): { digest: Uint8Array; size: bigint } | undefined {
  if (encoded[0] !== BLOB || encoded.length !== REFERENCE_BYTES) return undefined;
  const view = new DataView(encoded.buffer, encoded.byteOffset);
  return { digest: encoded.slice(1, 1 + DIGEST_BYTES), size: view.getBigUint64(1 + DIGEST_BYTES, true) };
}

/** The 32 bytes a vote stands for: the SHA-256 of the full encoding, wherever that is kept. */
export function digest(outcome: Uint8Array): Uint8Array {
  return blobOf(outcome)?.digest ?? sha256(outcome);
}

/** Is this an outcome a node may report? */
export function wellFormed(encoded: Uint8Array): boolean {
  switch (encoded[0]) {
    case VALUE:
    case ERROR:
      return encoded.length >= HEADER_BYTES;
    case BLOB: {
      const named = blobOf(encoded);
      return named !== undefined && named.size <= BigInt(MAX_BLOB_BYTES);
    }
    case NONE:
      return encoded.length <= 1 + MAX_CODE_BYTES && encoded.every((byte) => byte < 0x80);
    default:
      return false;
  }
}

function metered(kind: number, meter: bigint, payload: Uint8Array): Uint8Array {
  const encoded = new Uint8Array(HEADER_BYTES + payload.length);
  encoded[0] = kind;
  new DataView(encoded.buffer).setBigUint64(1, meter, true);
  encoded.set(payload, HEADER_BYTES);
  return encoded;
}
