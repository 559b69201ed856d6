import { Globe } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { LinkButton } from "../../components/button";
import { Card } from "../../components/card";
import { EmptyState } from "../../components/empty_state";
import { Skeleton } from "../../components/skeleton";
import { CountryList } from "./country_list";
import { Legend } from "./legend";
import { text } from "./messages";
import { countryName, type Place, spreadOf } from "./places";

const WorldMap = lazy(() => import("./world_map"));
/** As the map's: its room is kept while it loads. */
const ROOM = "aspect-[2000/864] w-full";

/** The map with its list. `marked`: the country in the address. */
export function MapCard(props: {
  places: readonly Place[] | undefined;
  marked: string | undefined;
  onMark: (country: string | undefined) => void;
}) {
  const t = useText(text);
  const locale = useLocale();
  const [pointed, setPointed] = useState<string>();
  const spread = spreadOf(props.places ?? []);
  const active = [pointed, props.marked].find((country) => spread.places.some((place) => place.country === country));
  const place = spread.places.find((place) => place.country === active);
  const first = spread.places[0];
  const empty = props.places !== undefined && spread.places.length === 0 && spread.untold === 0;
  const label = first
    ? t("mapLabel", {
        nodes: spread.places.reduce((sum, place) => sum + place.nodes, 0),
        countries: spread.places.length,
        most: countryName(first.country, locale),
      })
    : t("mapLabelUntold");
  return (
    <Card title={t("map")} hint={t("mapHint")} actions={<Legend most={spread.most} />}>
      <div className="grid gap-x-8 gap-y-5 xl:grid-cols-[minmax(0,1fr)_17rem]">
        <div className="-mx-2 self-center sm:mx-0">
          <Suspense fallback={<Skeleton className={ROOM} />}>
            <WorldMap
              spread={spread}
              label={label}
              active={active}
              onActive={setPointed}
              tip={
                place && (
                  <>
                    <span className="font-semibold">{countryName(place.country, locale)}</span>
                    <span className="block text-ink-soft">{t("tip", { nodes: place.nodes, cores: place.cores })}</span>
                  </>
                )
              }
            />
          </Suspense>
        </div>
        {empty ? (
          <EmptyState
            icon={<Globe className="size-5" />}
            title={t("noNodes")}
            action={
              <LinkButton to="/contribute" variant="primary" size="sm">
                {t("lend")}
              </LinkButton>
            }
          >
            {t("noNodesHint")}
          </EmptyState>
        ) : (
          <CountryList
            spread={props.places && spread}
            active={active}
            marked={props.marked}
            onPoint={setPointed}
            onMark={props.onMark}
          />
        )}
      </div>
    </Card>
  );
}
