import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type ParsedLocation,
  redirect,
} from "@tanstack/react-router";
import { jobSearch } from "../features/job/search";
import { jobsSearch } from "../features/jobs/search";
import { loginSearch } from "../features/login/search";
import { networkSearch } from "../features/network/search";
import { newJobSearch } from "../features/new_job/search";
import { nodesSearch } from "../features/nodes/search";
import { operatorMoneySearch } from "../features/operator_money/search";
import { payoutsSearch } from "../features/payouts/search";
import { poolsSearch } from "../features/pools/search";
import { postingSearch } from "../features/posting/search";
import { walletSearch } from "../features/wallet/search";
import { PageError, PageMissing, PagePending } from "./boundaries";
import { PublicFrame, Root, Shell } from "./layout";
import { session } from "./session";

/** Every address of the app. A page is a chunk of its own, loaded when a link to it is touched. */
const root = createRootRoute({ component: Root, notFoundComponent: PageMissing });
const open = createRoute({ getParentRoute: () => root, id: "open", component: PublicFrame });
const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell });

/** Sends strangers to the login, and back when they have done so. */
function needsLogin({ location }: { location: ParsedLocation }): void {
  if (!session.current()) throw redirect({ to: "/login", search: { next: location.href } });
}

/** Who is logged in has no business at the login; it is also the way on after one. */
function needsNoLogin({ search }: { search: { next?: string | undefined } }): void {
  if (session.current()) throw redirect({ href: search.next ?? "/contribute" });
}

const landing = createRoute({
  getParentRoute: () => open,
  path: "/",
  component: lazyRouteComponent(() => import("../features/landing/page"), "Page"),
});
const signup = createRoute({
  getParentRoute: () => open,
  path: "/signup",
  validateSearch: loginSearch,
  beforeLoad: needsNoLogin,
  component: lazyRouteComponent(() => import("../features/signup/page"), "Page"),
});
const login = createRoute({
  getParentRoute: () => open,
  path: "/login",
  validateSearch: loginSearch,
  beforeLoad: needsNoLogin,
  component: lazyRouteComponent(() => import("../features/login/page"), "Page"),
});
const contribute = createRoute({
  getParentRoute: () => shell,
  path: "/contribute",
  component: lazyRouteComponent(() => import("../features/contribute/page"), "Page"),
});
const network = createRoute({
  getParentRoute: () => shell,
  path: "/network",
  validateSearch: networkSearch,
  component: lazyRouteComponent(() => import("../features/network/page"), "Page"),
});
const jobs = createRoute({
  getParentRoute: () => shell,
  path: "/jobs",
  validateSearch: jobsSearch,
  beforeLoad: needsLogin,
  component: lazyRouteComponent(() => import("../features/jobs/page"), "Page"),
});
const newJob = createRoute({
  getParentRoute: () => shell,
  path: "/jobs/new",
  validateSearch: newJobSearch,
  beforeLoad: needsLogin,
  component: lazyRouteComponent(() => import("../features/new_job/page"), "Page"),
});
const job = createRoute({
  getParentRoute: () => shell,
  path: "/jobs/$jobId",
  validateSearch: jobSearch,
  beforeLoad: needsLogin,
  component: lazyRouteComponent(() => import("../features/job/page"), "Page"),
});
const nodes = createRoute({
  getParentRoute: () => shell,
  path: "/nodes",
  validateSearch: nodesSearch,
  beforeLoad: needsLogin,
  component: lazyRouteComponent(() => import("../features/nodes/page"), "Page"),
});
const wallet = createRoute({
  getParentRoute: () => shell,
  path: "/wallet",
  validateSearch: walletSearch,
  beforeLoad: needsLogin,
  component: lazyRouteComponent(() => import("../features/wallet/page"), "Page"),
});
const payouts = createRoute({
  getParentRoute: () => shell,
  path: "/wallet/payouts",
  validateSearch: payoutsSearch,
  beforeLoad: needsLogin,
  component: lazyRouteComponent(() => import("../features/payouts/page"), "Page"),
});
const posting = createRoute({
  getParentRoute: () => shell,
  path: "/wallet/postings/$id",
  validateSearch: postingSearch,
  beforeLoad: needsLogin,
  component: lazyRouteComponent(() => import("../features/posting/page"), "Page"),
});
const pools = createRoute({
  getParentRoute: () => shell,
  path: "/pools",
  validateSearch: poolsSearch,
  beforeLoad: needsLogin,
  component: lazyRouteComponent(() => import("../features/pools/page"), "Page"),
});
const operatorMoney = createRoute({
  getParentRoute: () => shell,
  path: "/operator/money",
  validateSearch: operatorMoneySearch,
  beforeLoad: needsLogin,
  component: lazyRouteComponent(() => import("../features/operator_money/page"), "Page"),
});
const account = createRoute({
  getParentRoute: () => shell,
  path: "/account",
  beforeLoad: needsLogin,
  component: lazyRouteComponent(() => import("../features/account/page"), "Page"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    open.addChildren([landing, signup, login]),
    shell.addChildren([
      contribute,
      network,
      jobs,
      newJob,
      job,
      nodes,
      wallet,
      payouts,
      posting,
      pools,
      operatorMoney,
      account,
    ]),
  ]),
  defaultPreload: "intent",
  defaultPendingMs: 150,
  defaultPendingComponent: PagePending,
  defaultErrorComponent: PageError,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
