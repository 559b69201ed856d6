// Scripts for the sandbox, where modules cannot be loaded: `import text from "./worker.ts?classic"` gives the bundled
// script as text, and the sandbox page itself is written beside the app with its script inside (its policy allows that).

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { build, type Plugin } from "vite";

const SUFFIX = "?classic";
const FRAME_PAGE = "sandbox/frame.html";
/** As the coordinator serves it (src/we1web/coordinator/http/site_headers.py). */
const FRAME_POLICY =
  "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' blob: 'wasm-unsafe-eval'; worker-src blob:";

/** The manifest of the Python runtime that this build is for; see build/pyodide. */
export function pythonManifest(root: string): string {
  const path = resolve(root, "../src/we1web/agent/runtimes/pyodide/manifest.json");
  const manifest: unknown = JSON.parse(readFileSync(path, "utf-8"));
  return JSON.stringify(manifest);
}

/** Bundles `entry` into one script without imports. */
async function bundled(entry: string): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: "warn",
    build: { write: false, target: "es2023", rolldownOptions: { input: entry, output: { format: "iife" } } },
  });
  const outputs = Array.isArray(made) ? made : [made];
  const chunks = outputs.flatMap((each) => ("output" in each ? each.output : []));
  const [chunk] = chunks;
  if (chunks.length !== 1 || chunk?.type !== "chunk") throw new Error(`${entry} did not become one script`);
  return chunk.code;
}

/** `?classic` imports, in the app and in its workers. */
export function classic(): Plugin {
  return {
    name: "classic",
    enforce: "pre",
    resolveId(source, importer) {
      if (!source.endsWith(SUFFIX) || importer === undefined) return null;
      return resolve(dirname(importer), source);
    },
    async load(id) {
      if (!id.endsWith(SUFFIX)) return null;
      const entry = id.slice(0, -SUFFIX.length);
      this.addWatchFile(entry);
      return `export default ${JSON.stringify(await bundled(entry))};`;
    },
  };
}

/** The sandbox page. */
export function sandboxPage(root: string): Plugin {
  const page = async () => {
    const script = (await bundled(resolve(root, "src/sandbox/frame.ts"))).replaceAll("</", "<\\/");
    return `<!doctype html><html lang="en"><meta charset="utf-8"><title>sandbox</title><script>${script}</script></html>\n`;
  };
  return {
    name: "sandbox-page",
    configureServer(server) {
      server.middlewares.use(async (request, answer, next) => {
        if (request.url !== `/${FRAME_PAGE}`) return next();
        answer.setHeader("Content-Type", "text/html");
        answer.setHeader("Content-Security-Policy", FRAME_POLICY);
        answer.end(await page());
      });
    },
    async generateBundle() {
      this.emitFile({ type: "asset", fileName: FRAME_PAGE, source: await page() });
    },
  };
}
