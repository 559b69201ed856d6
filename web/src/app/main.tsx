import "./style.css";
import "../api";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { followLocale } from "./locale";
import { queries } from "./queries";
import { router } from "./router";
import { session } from "./session";
import { followTheme } from "./theme";

followTheme();
followLocale();

/** Nothing of one account may be seen by the next one; and who is no longer logged in leaves the pages that need it. */
let user = session.current()?.user.id;
session.subscribe(() => {
  const now = session.current()?.user.id;
  if (now === user) return;
  user = now;
  void router.invalidate().then(() => {
    queries.removeQueries({ type: "inactive" });
    return queries.resetQueries();
  });
});

/** A new page is read from its beginning: without this, screen readers stay at the link that was pressed. */
router.subscribe("onResolved", ({ fromLocation, pathChanged }) => {
  if (fromLocation && pathChanged) document.getElementById("content")?.focus({ preventScroll: true });
});

const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root");
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);

// After the page has its first data: nothing of the service worker is in the way of the first paint.
if (import.meta.env.PROD) addEventListener("load", () => void import("./updates").then((it) => it.watchForUpdates()));
