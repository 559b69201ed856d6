import { defineConfig } from "@hey-api/openapi-ts";

/** Read and written by build/web_api, which makes the document first. */
export default defineConfig({
  input: "../../web/src/api/openapi.json",
  output: { path: "../../web/src/api/generated", clean: true },
  plugins: [
    { name: "@hey-api/client-fetch", throwOnError: true, baseUrl: false },
    { name: "@hey-api/sdk", responseStyle: "data" },
    "@hey-api/typescript",
  ],
});
