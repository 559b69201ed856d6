// Builds the page that tests of the sandbox drive: deno task --frozen testing --outDir DIR

import { defineConfig } from "vite";
import { classic, pythonManifest } from "./plugins/classic";

export default defineConfig({
  define: { __PYTHON_MANIFEST__: pythonManifest(import.meta.dirname) },
  plugins: [classic()],
  publicDir: false,
  build: {
    target: "es2023",
    rolldownOptions: { input: "src/testing/sandbox_page.ts", output: { entryFileNames: "sandbox_page.js" } },
  },
});
