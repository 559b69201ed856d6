// Starts Pyodide the same way in every host of ours: from bytes, on its web worker path, with nothing around it.
// The snapshot is made through this very function, so that what is restored is what was saved.
// After `lockDown` no permission, no host object and no way to the network, the disk or another process is left.

const BASE = "http://runtime.invalid/";
const EMPTY_MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const PERMISSIONS = ["read", "write", "net", "env", "run", "ffi", "sys", "import"];
const HOST_OBJECTS = [
  "Deno", "process", "Buffer", "global", "window", "console", "localStorage", "sessionStorage", "caches", "indexedDB",
  "BroadcastChannel", "Worker", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "XMLHttpRequest",
  "alert", "confirm", "prompt", "close", "reportError", "Temporal",
];

/** Reads what Pyodide is made of while that is still allowed (Deno). */
export async function readFiles(directory) {
  const bytes = (name) => Deno.readFileSync(`${directory}/${name}`);
  const text = (name) => new TextDecoder().decode(bytes(name));
  const asm = text("pyodide.asm.mjs");
  return {
    module: await WebAssembly.compile(bytes("pyodide.asm.wasm")),
    stdlib: bytes("python_stdlib.zip"),
    lock: text("pyodide-lock.json"),
    pyodide: script(bytes("pyodide.mjs")),
    createModule: async () => evaluate(asm),
  };
}

/** The same where text must not be evaluated (a page's policy): the module is imported from a blob. */
export function importedFiles({ module, stdlib, lock, pyodide, asm }) {
  const source = script(nowhere(asm));
  return { module, stdlib, lock, pyodide: script(pyodide), createModule: async () => (await import(source)).default };
}

/** Gives up every permission and every host object. Returns what the caller still needs, for its eyes only. */
export function lockDown(keep = []) {
  const host = globalThis.Deno;
  for (const name of PERMISSIONS) if (host && !keep.includes(name)) host.permissions.revokeSync({ name });
  for (const name of HOST_OBJECTS) delete globalThis[name];
  const navigator = { userAgent: "we1web", platform: "", language: "en", languages: ["en"], hardwareConcurrency: 1 };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  globalThis.console = Object.fromEntries(["log", "warn", "error", "info", "debug", "trace"].map((k) => [k, () => {}]));
  return host;
}

/** Loads Pyodide: from `snapshot`, or anew so that one can be made (`snapshot` undefined). */
export async function boot(files, snapshot) {
  pretendToBeAWorker(files);
  const { loadPyodide } = await import(files.pyodide);
  const createPyodideModule = await files.createModule();
  const pyodide = await loadPyodide({
    indexURL: BASE,
    packageBaseUrl: BASE,
    createPyodideModule,
    lockFileContents: files.lock,
    checkAPIVersion: false,
    env: { PYTHONHASHSEED: "0", HOME: "/home/pyodide", TZ: "UTC", LANG: "C.UTF-8" },
    stdin: () => null,
    stdout: () => {},
    stderr: () => {},
    ...(snapshot ? { _loadSnapshot: snapshot } : { _makeSnapshot: true }),
  });
  refuseCodeFromText();
  return pyodide;
}

/** A page's policy refuses text as code; so does every other host, or a task could tell them apart. */
function refuseCodeFromText() {
  const refuse = function Function() {
    throw new EvalError("text is not code here");
  };
  refuse.prototype = globalThis.Function.prototype; // `instanceof Function` goes on
  for (const kind of [() => {}, async () => {}, function* () {}, async function* () {}]) {
    Object.defineProperty(Object.getPrototypeOf(kind), "constructor", { value: refuse });
  }
  for (const name of ["Function", "eval"]) Object.defineProperty(globalThis, name, { value: refuse });
}

/** The default export of a large module without imports: as a plain function it is parsed lazily, 0.1 s sooner. */
function evaluate(source) {
  return new Function(`"use strict";${nowhere(source).replace(/export default (\w+);\s*$/, "return $1;")}`)();
}

/** A module that does not know where it was loaded from. */
function nowhere(source) {
  return source.replaceAll("import.meta.url", JSON.stringify(BASE));
}

function script(source) {
  return URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
}

function pretendToBeAWorker({ module, stdlib }) {
  globalThis.WorkerGlobalScope = class {
    static [Symbol.hasInstance]() {
      return true;
    }
  };
  if (globalThis.self !== globalThis) globalThis.self = globalThis;
  const location = { href: BASE, origin: "null", toString: () => BASE };
  Object.defineProperty(globalThis, "location", { value: location, configurable: true });
  globalThis.fetch = (url) => answer(String(url), stdlib);
  WebAssembly.instantiateStreaming = async (_, imports) => ({
    module,
    instance: new WebAssembly.Instance(module, imports),
  });
}

async function answer(url, stdlib) {
  if (url.endsWith("python_stdlib.zip")) return new Response(stdlib);
  if (url.endsWith(".wasm")) return new Response(EMPTY_MODULE, { headers: { "content-type": "application/wasm" } });
  throw new TypeError("no network in the sandbox");
}
