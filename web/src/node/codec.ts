// Messages to bytes and back, within hard size limits. The twin of src/we1web/protocol/codec.py: the golden vectors in
// spec/vectors hold both to the same bytes. A field is written as its shape says, because JavaScript cannot tell a
// floating 0 from an integral one and the wire can.

import { decode as unpack } from "@msgpack/msgpack";
import {
  CLIENT_MESSAGES,
  type ClientMessage,
  MAX_FRAME_BYTES,
  SERVER_MESSAGES,
  type ServerMessage,
} from "./messages.gen";
import type { Shape, Struct } from "./shapes";
import { Writer } from "./writer";

/** The peer broke a rule of spec/protocol.md. */
export class ProtocolError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly hint = "",
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** A frame that is too large, malformed or of an unknown type. */
export class FrameError extends ProtocolError {
  constructor(message: string, code = "bad_frame", hint = "see spec/protocol.md for the message types") {
    super(code, message, hint);
  }
}

export function encode(message: ClientMessage | ServerMessage): Uint8Array {
  const struct = STRUCTS.get(message.tag);
  if (struct === undefined) throw new FrameError(`no message is called ${message.tag}`);
  const writer = new Writer();
  put(writer, struct, message);
  return writer.bytes();
}

/** What the coordinator sent. Throws FrameError. */
export function decodeServer(frame: Uint8Array): ServerMessage {
  return decode(frame, SERVER_MESSAGES) as ServerMessage;
}

/** What a node or requester sent. Throws FrameError. */
export function decodeClient(frame: Uint8Array): ClientMessage {
  return decode(frame, CLIENT_MESSAGES) as ClientMessage;
}

const STRUCTS = new Map([...CLIENT_MESSAGES, ...SERVER_MESSAGES].map((struct) => [struct.tag, struct]));

function put(writer: Writer, shape: Shape, value: unknown): void {
  switch (shape.kind) {
    case "int":
      writer.int(value as number);
      break;
    case "float":
      writer.float(value as number);
      break;
    case "str":
      writer.str(value as string);
      break;
    case "bin":
      writer.bin(value as Uint8Array);
      break;
    case "bool":
      writer.bool(value as boolean);
      break;
    case "list":
      writer.array((value as readonly unknown[]).length);
      for (const item of value as readonly unknown[]) put(writer, shape.of, item);
      break;
    case "struct":
      putStruct(writer, shape, value as Record<string, unknown>);
  }
}

function putStruct(writer: Writer, struct: Struct, value: Record<string, unknown>): void {
  writer.array(struct.fields.length + (struct.tag === undefined ? 0 : 1));
  if (struct.tag !== undefined) writer.str(struct.tag);
  for (const [name, shape] of struct.fields) put(writer, shape, value[name]);
}

function decode(frame: Uint8Array, union: readonly Struct[]): unknown {
  if (frame.length > MAX_FRAME_BYTES) {
    throw new FrameError(`frame of ${frame.length} bytes; the limit is ${MAX_FRAME_BYTES}`, "frame_too_large");
  }
  const raw = unpacked(frame);
  const tag = Array.isArray(raw) ? raw[0] : undefined;
  const struct = union.find((each) => each.tag === tag);
  if (struct === undefined) throw new FrameError(`frame refused: no message is called ${String(tag)}`);
  return read(struct, raw, struct.tag ?? "");
}

function unpacked(frame: Uint8Array): unknown {
  try {
    return unpack(frame);
  } catch (error) {
    throw new FrameError(`frame refused: ${error instanceof Error ? error.message : "it is no msgpack"}`);
  }
}

function read(shape: Shape, raw: unknown, where: string): unknown {
  switch (shape.kind) {
    case "int":
      return expect(Number.isSafeInteger(raw), raw, "an integer", where);
    case "float":
      return expect(Number.isFinite(raw), raw, "a number", where);
    case "str":
      return expect(typeof raw === "string", raw, "text", where);
    case "bin":
      return expect(raw instanceof Uint8Array, raw, "bytes", where);
    case "bool":
      return expect(typeof raw === "boolean", raw, "true or false", where);
    case "list":
      return list(raw, where).map((item) => read(shape.of, item, where));
    case "struct":
      return readStruct(shape, list(raw, where), where);
  }
}

/** Fields that a newer sender appended are ignored; those that an older one lacks have their default. */
function readStruct(struct: Struct, raw: readonly unknown[], where: string): unknown {
  const offset = struct.tag === undefined ? 0 : 1;
  const found: Record<string, unknown> = struct.tag === undefined ? {} : { tag: struct.tag };
  struct.fields.forEach(([name, shape, missing], place) => {
    const at = `${where}.${name}`;
    if (place + offset < raw.length) found[name] = read(shape, raw[place + offset], at);
    else if (missing !== undefined) found[name] = missing();
    else throw new FrameError(`frame refused: ${at} is missing`);
  });
  return found;
}

function list(raw: unknown, where: string): readonly unknown[] {
  return expect(Array.isArray(raw), raw, "a list", where) as readonly unknown[];
}

function expect(fits: boolean, raw: unknown, what: string, where: string): unknown {
  if (!fits) throw new FrameError(`frame refused: ${where} is not ${what}`);
  return raw;
}
