// The part of the Python runtime that every host shares, in src/we1web/agent/runtimes/guest/.

declare module "*/guest/determinize.mjs" {
  /** Replaces clocks and entropy by counted ones; the handles stay with the host. */
  export function determinize(): { reset(low: number, high: number): void; advance(ms: number): void };
}

declare module "*/guest/boot.mjs" {
  export interface Sources {
    module: WebAssembly.Module;
    stdlib: Uint8Array;
    lock: string;
    pyodide: Uint8Array;
    asm: string;
  }
  interface Files {
    readonly module: WebAssembly.Module;
  }
  interface Proxy {
    toJs(): Uint8Array;
    destroy(): void;
  }
  export interface Guest {
    connect(advance: (ms: number) => void): void;
    load(program: unknown, entry: string, outputBytes: number): Proxy;
    call(argument: unknown, seed: bigint): Proxy;
  }
  interface Pyodide {
    pyimport(name: "guest"): Guest;
    toPy(bytes: Uint8Array): unknown;
  }
  export function importedFiles(sources: Sources): Files;
  export function lockDown(): void;
  export function boot(files: Files, snapshot: Uint8Array): Promise<Pyodide>;
}
