/** Prints what each page loads, gzipped, from the build's manifest: `deno task sizes` after `deno task build`. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

const DIST = new URL("../dist/", import.meta.url);
const chunks = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8")) as Record<string, Chunk>;

function filesOf(...keys: string[]): Set<string> {
  const seen = new Set<string>();
  const files = new Set<string>();
  const visit = (key: string) => {
    const chunk = chunks[key];
    if (!chunk || seen.has(key)) return;
    seen.add(key);
    files.add(chunk.file);
    for (const file of chunk.css ?? []) files.add(file);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const key of keys) visit(key);
  return files;
}

function kilobytes(files: Set<string>, ending: string): number {
  const found = [...files].filter((file) => file.endsWith(ending));
  return found.reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, DIST))).length, 0) / 1000;
}

const pages = Object.keys(chunks).filter((key) => /^src\/features\/\w+\/page\.tsx$/.test(key));
const sizes = Object.fromEntries(
  pages.sort().map((page) => {
    const files = filesOf("index.html", page);
    const name = page.split("/")[2] ?? page;
    return [name, { js_kb: round(kilobytes(files, ".js")), css_kb: round(kilobytes(files, ".css")) }];
  }),
);

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

if (process.argv.includes("--json")) console.log(JSON.stringify(sizes));
else
  for (const [page, { js_kb, css_kb }] of Object.entries(sizes))
    console.log(page.padEnd(12), `js ${js_kb} kB, css ${css_kb} kB`);
