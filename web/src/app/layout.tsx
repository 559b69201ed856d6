import { CSPProvider } from "@base-ui/react/csp-provider";
import { Link, Outlet, useRouter } from "@tanstack/react-router";
import { Ellipsis, LogOut } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { LinkButton } from "../components/button";
import { cx } from "../components/cx";
import { Logo } from "../components/logo";
import { Toasts } from "../components/toast";
import { BOTTOM, BottomLink, PLACES, SIDE, SideLink, usePlaces } from "./nav";
import { OfflineBar } from "./offline";
import { session, useSession } from "./session";
import { Switches } from "./switches";
import { useText } from "./text";
import { words } from "./words";

const MoreSheet = lazy(() => import("./more_sheet"));
const Sign = lazy(() => import("../features/contribute/sign"));
const IN_BAR = ["contribute", "jobs", "wallet", "network"];

export function Root() {
  return (
    <CSPProvider disableStyleElements>
      <Outlet />
      <Toasts />
    </CSPProvider>
  );
}

/** Around the pages that everybody starts from. */
export function PublicFrame() {
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <TopBar narrow />
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-6xl flex-1 px-4 outline-none sm:px-6">
        <Outlet />
      </main>
    </div>
  );
}

/** Around the pages of the app: places at the side, on phones at the bottom. */
export function Shell() {
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <TopBar />
      <div className="mx-auto flex w-full max-w-7xl flex-1">
        <SideNavigation />
        <main
          id="content"
          tabIndex={-1}
          className="min-w-0 flex-1 px-4 pt-6 pb-28 outline-none sm:px-6 lg:px-8 lg:pt-8 lg:pb-16"
        >
          <OfflineBar />
          <Outlet />
        </main>
      </div>
      <BottomBar />
    </div>
  );
}

function SkipLink() {
  const t = useText(words);
  return (
    <a
      href="#content"
      className="-translate-y-20 fixed top-3 left-3 z-50 rounded-md bg-accent px-4 py-2 font-medium text-on-accent focus:translate-y-0"
    >
      {t("skip")}
    </a>
  );
}

function TopBar({ narrow = false }: { narrow?: boolean }) {
  const t = useText(words);
  const known = useSession();
  return (
    <header className="sticky top-0 z-30 border-line border-b bg-canvas/90 backdrop-blur">
      <div
        className={cx(
          "mx-auto flex h-14 items-center justify-between gap-2 px-4 sm:px-6",
          narrow ? "max-w-6xl" : "max-w-7xl",
        )}
      >
        <Link to="/" aria-label={t("home")} className="inline-flex rounded-sm">
          <Logo />
        </Link>
        <div className="flex items-center gap-1 sm:gap-2">
          <Suspense>{known && <Sign />}</Suspense>
          <Switches />
          {known ? <Whoami name={known.user.name || known.user.email} /> : <Doors />}
        </div>
      </div>
    </header>
  );
}

function Doors() {
  const t = useText(words);
  return (
    <>
      <LinkButton to="/login" search={{}} variant="quiet" size="sm">
        {t("login")}
      </LinkButton>
      <LinkButton to="/signup" search={{}} variant="primary" size="sm" className="max-sm:hidden">
        {t("signup")}
      </LinkButton>
    </>
  );
}

function Whoami({ name }: { name: string }) {
  return (
    <Link
      to="/contribute"
      className="flex max-w-40 items-center gap-2 truncate rounded-md px-2 py-1.5 font-medium text-sm hover:bg-sunken"
    >
      <span
        aria-hidden
        className="grid size-6 shrink-0 place-items-center rounded-full bg-accent-soft text-accent text-xs"
      >
        {[...name][0]?.toUpperCase()}
      </span>
      <span className="truncate max-sm:sr-only">{name}</span>
    </Link>
  );
}

function SideNavigation() {
  const t = useText(words);
  const known = useSession();
  return (
    <nav
      aria-label={t("main")}
      className="sticky top-14 hidden h-[calc(100dvh-3.5rem)] w-56 shrink-0 flex-col gap-1 border-line border-r p-3 lg:flex"
    >
      {usePlaces().map((place) => (
        <SideLink key={place.to} place={place} />
      ))}
      <div className="mt-auto">{known && <LogOutButton />}</div>
    </nav>
  );
}

export function LogOutButton({ onDone }: { onDone?: () => void }): ReactNode {
  const t = useText(words);
  const router = useRouter();
  const leave = async () => {
    onDone?.();
    await router.navigate({ to: "/" });
    await session.end();
  };
  return (
    <button type="button" className={cx(SIDE, "w-full")} onClick={() => void leave()}>
      <LogOut aria-hidden className="size-4.5" />
      {t("logout")}
    </button>
  );
}

function BottomBar() {
  const t = useText(words);
  const [more, setMore] = useState(false);
  const [asked, setAsked] = useState(false);
  const open = () => {
    setAsked(true);
    setMore(true);
  };
  return (
    <nav
      aria-label={t("main")}
      className="fixed inset-x-0 bottom-0 z-30 border-line border-t bg-surface pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      <div className="flex h-16">
        {PLACES.filter((place) => IN_BAR.includes(place.name)).map((place) => (
          <BottomLink key={place.to} place={place} />
        ))}
        <button type="button" className={BOTTOM} onClick={open} aria-haspopup="dialog">
          <Ellipsis aria-hidden className="size-5" />
          {t("more")}
        </button>
      </div>
      {asked && (
        <Suspense>
          <MoreSheet open={more} onOpenChange={setMore} />
        </Suspense>
      )}
    </nav>
  );
}
