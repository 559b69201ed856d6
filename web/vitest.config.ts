import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Tests run in plain JavaScript; those of components ask for `happy-dom` in their first line. */
export default defineConfig({
  plugins: [react()],
  test: { include: ["src/**/*.test.{ts,tsx}"], restoreMocks: true },
});
