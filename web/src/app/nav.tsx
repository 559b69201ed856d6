import { Link } from "@tanstack/react-router";
import { Cpu, Globe, Landmark, ListChecks, MonitorSmartphone, UserRound, UsersRound, Wallet } from "lucide-react";
import { useIsOperator } from "./operator";
import { useText } from "./text";
import { words } from "./words";

/** The places of the app, in the order of the side navigation. */
export const PLACES = [
  { to: "/contribute", name: "contribute", Icon: Cpu },
  { to: "/jobs", name: "jobs", Icon: ListChecks },
  { to: "/nodes", name: "nodes", Icon: MonitorSmartphone },
  { to: "/wallet", name: "wallet", Icon: Wallet },
  { to: "/pools", name: "pools", Icon: UsersRound },
  { to: "/network", name: "network", Icon: Globe },
  { to: "/account", name: "account", Icon: UserRound },
] as const;

const OPERATORS = { to: "/operator/money", name: "operator", Icon: Landmark } as const;

type Place = (typeof PLACES)[number] | typeof OPERATORS;

/** The places of whoever looks: operators have one more. */
export function usePlaces(): readonly Place[] {
  return useIsOperator() ? [...PLACES, OPERATORS] : PLACES;
}

export function SideLink({ place, onPress }: { place: Place; onPress?: () => void }) {
  const t = useText(words);
  return (
    <Link to={place.to} {...(onPress && { onClick: onPress })} className={SIDE}>
      <place.Icon aria-hidden className="size-4.5" />
      {t(place.name)}
    </Link>
  );
}

/** A place in the bar at the bottom of phones. */
export function BottomLink({ place }: { place: Place }) {
  const t = useText(words);
  return (
    <Link to={place.to} className={BOTTOM}>
      <place.Icon aria-hidden className="size-5" />
      {t(place.name)}
    </Link>
  );
}

export const BOTTOM =
  "flex min-w-0 flex-1 flex-col items-center justify-center gap-1 truncate text-ink-soft text-xs aria-[current=page]:text-accent";

export const SIDE =
  "flex h-10 items-center gap-3 rounded-md px-3 font-medium text-ink-soft text-sm hover:bg-sunken hover:text-ink " +
  "aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent";
