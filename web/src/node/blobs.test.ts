import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { type Ask, Blobs } from "./blobs";
import { MAX_BLOB_BYTES } from "./messages.gen";
import { digest, INLINE, reference, value } from "./outcome";

const CONTENT = new TextEncoder().encode("a program");
const DIGEST = sha256(CONTENT);

/** A store that answers as told and notes what it was asked. */
function blobs(ask: Ask, memoryBytes?: number) {
  const asked: string[] = [];
  const store = {
    ask: (path: string, init?: RequestInit) => {
      asked.push(init?.method ?? "GET");
      return ask(path, init);
    },
    random: () => 0,
    wait: async () => {},
  };
  return { asked, blobs: new Blobs(store, memoryBytes) };
}

const bytes = (content: Uint8Array, status = 200) => new Response(content as Uint8Array<ArrayBuffer>, { status });

describe("a blob that is fetched", () => {
  it("is asked for once, however many want it", async () => {
    const { asked, blobs: it } = blobs(async () => bytes(CONTENT));
    const both = await Promise.all([it.fetch(DIGEST), it.fetch(DIGEST)]);
    expect(both).toEqual([CONTENT, CONTENT]);
    await it.fetch(DIGEST);
    expect(asked).toEqual(["GET"]);
  });

  it("with other bytes than its digest says is refused", async () => {
    const { blobs: it } = blobs(async () => bytes(new TextEncoder().encode("something else")));
    await expect(it.fetch(DIGEST)).rejects.toMatchObject({ code: "artifact_mismatch" });
  });

  it("above the limit is not read to its end", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(stream) {
        sent += 1 << 24;
        stream.enqueue(new Uint8Array(1 << 24));
      },
    });
    const { blobs: it } = blobs(async () => new Response(endless as ReadableStream<Uint8Array<ArrayBuffer>>));
    await expect(it.fetch(DIGEST)).rejects.toMatchObject({ code: "artifact_too_large" });
    expect(sent).toBeLessThan(2 * MAX_BLOB_BYTES);
  });

  it("is asked for again while the coordinator is busy or away, but not for ever", async () => {
    const answers = [bytes(CONTENT, 503), new TypeError("no network"), bytes(CONTENT)];
    const patient = blobs(async () => {
      const answer = answers.shift();
      if (answer instanceof Response) return answer;
      throw answer;
    });
    expect(await patient.blobs.fetch(DIGEST)).toEqual(CONTENT);
    const hopeless = blobs(() => Promise.reject(new TypeError("no network")));
    await expect(hopeless.blobs.fetch(DIGEST)).rejects.toThrow("does not answer");
    expect(hopeless.asked).toHaveLength(4);
  });

  it("that is refused says so", async () => {
    const { blobs: it } = blobs(async () => bytes(CONTENT, 404));
    await expect(it.fetch(DIGEST)).rejects.toThrow("refused: 404");
  });

  it("is forgotten when newer ones need its place", async () => {
    const other = new TextEncoder().encode("another one");
    const { asked, blobs: it } = blobs(async (path) => bytes(path.endsWith(bytesToHex(DIGEST)) ? CONTENT : other), 15);
    await it.fetch(DIGEST);
    await it.fetch(sha256(other));
    await it.fetch(DIGEST);
    expect(asked).toHaveLength(3);
  });
});

describe("an argument", () => {
  const { blobs: it_ } = blobs(async () => bytes(CONTENT));

  it("travels in the frame or lies in a blob", async () => {
    expect(await it_.argument(Uint8Array.of(INLINE, 7))).toEqual(Uint8Array.of(7));
    expect(await it_.argument(reference(DIGEST, CONTENT.length))).toEqual(CONTENT);
  });

  it("of another size than announced, or malformed, is refused", async () => {
    await expect(it_.argument(reference(DIGEST, 1))).rejects.toThrow("another size");
    await expect(it_.argument(value(CONTENT))).rejects.toMatchObject({ code: "bad_argument" });
  });
});

describe("an outcome that is published", () => {
  it("is uploaded unless it is there, and named by its digest", async () => {
    const outcome = value(new Uint8Array(70_000));
    const absent = blobs(async (_, init) => bytes(CONTENT, init?.method === "PUT" ? 201 : 404));
    expect(digest(await absent.blobs.publish(outcome))).toEqual(digest(outcome));
    expect(absent.asked).toEqual(["HEAD", "PUT"]);
    const there = blobs(async () => bytes(CONTENT));
    await there.blobs.publish(outcome);
    expect(there.asked).toEqual(["HEAD"]);
  });
});
