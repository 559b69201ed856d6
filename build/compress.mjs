// Writes `to`.br and `to`.gz for each [from, to, quality] that standard input lists as JSON, where it is worth it.
// A compressed form that saves less than a twentieth is not written: it would cost the reader time for nothing.

import { readFile, writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import zlib from "node:zlib";

const AT_ONCE = 2;
const WORTH_IT = 0.95;

const brotli = (content, quality) =>
  promisify(zlib.brotliCompress)(content, {
    params: {
      [zlib.constants.BROTLI_PARAM_QUALITY]: quality,
      [zlib.constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
const gzip = (content) => promisify(zlib.gzip)(content, { level: 9 });

async function keep(path, content, compressed) {
  if (compressed.length <= content.length * WORTH_IT) await writeFile(path, compressed);
}

async function compress([from, to, quality]) {
  const content = await readFile(from);
  await keep(`${to}.br`, content, await brotli(content, quality));
  await keep(`${to}.gz`, content, await gzip(content));
}

async function worker(queue) {
  for (let next = queue.shift(); next; next = queue.shift()) await compress(next);
}

const queue = JSON.parse((await buffer(process.stdin)).toString());
await Promise.all(Array.from({ length: AT_ONCE }, () => worker(queue)));
