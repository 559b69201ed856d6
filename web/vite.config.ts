import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { manifest } from "./manifest";
import { classic, pythonManifest, sandboxPage } from "./plugins/classic";

const coordinator = process.env.WE1WEB_URL ?? "http://127.0.0.1:8080";

/** What the coordinator answers itself; everything else is a page of the app. */
const NOT_PAGES = /^\/(api|auth|ws|livez|readyz|metrics|openapi\.json|runtime|sandbox|assets)(\/|$)/;

export default defineConfig({
  base: "/",
  define: { __PYTHON_MANIFEST__: pythonManifest(import.meta.dirname) },
  plugins: [
    classic(),
    sandboxPage(import.meta.dirname),
    react(),
    tailwindcss(),
    VitePWA({
      registerType: "prompt",
      injectRegister: false,
      filename: "sw.js",
      manifest,
      workbox: {
        globPatterns: ["index.html", "theme.js", "*.svg", "icon-*.png", "assets/**/*.{js,css,woff2}"],
        globIgnores: ["runtime/**", "sandbox/**"],
        navigateFallback: "/index.html",
        navigateFallbackDenylist: [NOT_PAGES],
        cleanupOutdatedCaches: true,
        inlineWorkboxRuntime: true,
        sourcemap: false,
      },
    }),
  ],
  build: { outDir: "dist", manifest: true, target: "es2023", assetsInlineLimit: 0 },
  worker: { format: "es", plugins: () => [classic()] },
  server: {
    proxy: {
      "/api": coordinator,
      "/auth": coordinator,
      "/runtime": coordinator,
      "/ws": { target: coordinator, ws: true },
    },
  },
});
