import type { ManifestOptions } from "vite-plugin-pwa";

/** The web app manifest: what an installed WE1WEB is called and looks like. */
export const manifest: Partial<ManifestOptions> = {
  id: "/",
  name: "WE1WEB",
  short_name: "WE1WEB",
  description: "Devices of people who do not know each other, working as one computer.",
  start_url: "/contribute",
  scope: "/",
  display: "standalone",
  background_color: "#0d1312",
  theme_color: "#0d1312",
  icons: [
    { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
    { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
    { src: "/icon-maskable.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
  ],
};
